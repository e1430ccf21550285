import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { compareAll, expectSame } from './compare.js';
import { commands } from './commands.js';
import { Exchange, settings } from './exchange.js';

/**
 * The exchange against its model: random commands, and after each of them both must show the same. A failure prints the
 * seed and the shortest path of commands that was found; with them in the environment just that run is done again:
 *
 * - MODEL_STEPS: commands to run in all, at least (the suite runs few; `npm run test:model` runs many).
 * - MODEL_SEED, MODEL_PATH, MODEL_REPLAY: the run to repeat, as a failure prints them.
 * - MODEL_SHRINK_SECONDS: how long to look for a shorter path after a failure.
 */

const stepsInSuite = 80;
/** Commands of one run, on one database, at most. */
const commandsMax = 120;

const steps = Number(process.env['MODEL_STEPS'] ?? stepsInSuite);
const shrinkSeconds = Number(process.env['MODEL_SHRINK_SECONDS'] ?? 60);
/** The suite asks the same each time; the long form something new. */
const suiteSeed = 2_103_577_901;
const isLong = process.env['MODEL_STEPS'] !== undefined;
const seed = Number(process.env['MODEL_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : suiteSeed));
const path = process.env['MODEL_PATH'];
const replayPath = process.env['MODEL_REPLAY'];

/** Far more than a run takes: a hang is to be told from slowness. */
const timeout = 1000 * (120 + 2 * shrinkSeconds + steps);

beforeAll(() => {
  // "Any of a group" begins at a random place: the same one when a run is repeated.
  let state = seed;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
});

afterAll(() => vi.restoreAllMocks());

it(`the exchange is as its model has it, whatever is asked of it (seed ${seed})`, { timeout }, async () => {
  let done = 0;
  let runCount = 0;
  let failedAt: number | undefined;
  const replay = replayPath === undefined ? {} : { replayPath };
  const runs = fc.commands([...commands], { maxCommands: commandsMax, size: 'max', ...replay });
  const property = fc.asyncProperty(settings, runs, async (setting, run) => {
    if (failedAt === undefined ? done >= steps : performance.now() > failedAt + 1000 * shrinkSeconds) return;
    runCount++;
    const exchange = await Exchange.start();
    try {
      const model = { world: await exchange.furnish(setting) };
      await fc.asyncModelRun(() => ({ model, real: exchange }), run);
      await compareAll(model.world, exchange);
      expectSame(await exchange.faults(), [], 'numex verify');
    } catch (error) {
      failedAt ??= performance.now();
      throw error;
    } finally {
      done += exchange.steps;
      await exchange.close();
    }
  });
  const how = path === undefined ? { numRuns: Math.max(1, steps) } : { path, numRuns: 1 };
  const details = await fc.check(property, { seed, ...how });
  if (details.failed) expect.fail(report(details));
  expect(done).toBeGreaterThanOrEqual(path === undefined ? steps : 0);
  process.stdout.write(`model: ${done} commands in ${runCount} runs, seed ${seed}\n`);
});

type Failed = Pick<fc.RunDetails<unknown>, 'seed' | 'counterexamplePath' | 'numShrinks' | 'errorInstance'> & {
  readonly counterexample: unknown;
};

function report({
  seed: used,
  counterexamplePath,
  counterexample,
  numShrinks,
  errorInstance,
}: Failed): string {
  const shown = fc.stringify(counterexample);
  const found = /replayPath=\\?"([^"\\]*)/.exec(shown)?.[1] ?? '';
  const again = `MODEL_SEED=${used} MODEL_PATH=${counterexamplePath ?? ''} MODEL_REPLAY='${found}'`;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `after ${numShrinks} shrinks: ${why}\n\n${shown}\n\nagain: ${again} npm run test:model`;
}
