import fc from 'fast-check';
import { at } from '../support/request.js';
import { compareAccount, compareAll, expectSame } from './compare.js';
import { doDueWork } from './due.js';
import { dueWorkName } from './exchange.js';
import type { Exchange, HttpAnswer } from './exchange.js';
import type { Remembered, World } from './model.js';
import { make, makeCall, verbs } from './requests.js';
import type { Asked, Draft } from './requests.js';

/** The model as fast-check carries it from command to command. */
export interface Model {
  world: World;
}

type Command = fc.AsyncCommand<Model, Exchange>;

/** Steps between two comparisons of everything; after the others, the accounts and their money are compared. */
const fullComparisonEvery = 10;
/** Answers that can be asked for again. */
const rememberedMax = 40;
/** How often a request without a final answer is repeated under its key. */
const repeatsMax = 40;

/** A step: done to both, then compared. */
function step(name: string, run: (model: Model, exchange: Exchange) => Promise<void>): Command {
  return {
    check: () => true,
    toString: () => name,
    run: async (model, exchange) => {
      exchange.steps++;
      await run(model, exchange);
      if (exchange.steps % fullComparisonEvery === 0) await compareAll(model.world, exchange);
      else for (const name of model.world.accounts.keys()) await compareAccount(model.world, exchange, name);
    },
  };
}

/** An answer without what differs from one sending to the next. */
function lasting(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'request_id' && name !== 'token'),
  );
}

function remember(world: World, asked: Asked, key: string, { status, body }: HttpAnswer): void {
  if (asked.leavesNoRecord) return;
  const { as, method, path } = asked;
  const entry = { key, as, method, path, body: asked.body, status, answer: lasting(body), at: world.now };
  world.remembered = [...world.remembered, entry].slice(-rememberedMax);
}

/** Whether an answer tells what has become of the request. */
function isFinal(answer: HttpAnswer | undefined): answer is HttpAnswer {
  if (!answer) return false;
  return (
    answer.status !== 503 && answer.status !== 504 && at(answer.body, 'code') !== 'idempotency_in_progress'
  );
}

/** Sends a request under its key until it has a final answer. */
async function insist(exchange: Exchange, asked: Asked, server: number, key: string): Promise<HttpAnswer> {
  let answer: HttpAnswer | undefined;
  for (let sent = 0; sent < repeatsMax; sent++) {
    answer = await exchange.send(asked, server + sent, key);
    if (isFinal(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5 * (sent + 1)));
  }
  throw new Error(`no final answer to ${asked.method} ${asked.path}: ${JSON.stringify(answer)}`);
}

function request(draft: Draft, server: number, keyed: boolean): Command {
  return step(
    `${JSON.stringify(draft)} by server ${server}${keyed ? ', keyed' : ''}`,
    async (model, exchange) => {
      const asked = make(model.world, exchange, draft);
      if (!asked) return;
      const key = keyed ? exchange.newKey() : undefined;
      const answer = await exchange.send(asked, server, key);
      if (!answer) throw new Error('no answer');
      model.world = judged(model.world, asked, answer);
      if (key !== undefined) remember(model.world, asked, key, answer);
    },
  );
}

function judged(world: World, asked: Asked, answer: HttpAnswer): World {
  try {
    return asked.judge(world, answer);
  } catch (error) {
    const what = `${asked.as}: ${asked.method} ${asked.path} ${JSON.stringify(asked.body ?? null)}`;
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${what} answered ${JSON.stringify(answer)}\n${message}`, { cause: error });
  }
}

/** The same key again: the first answer, or a refusal when it stands for another request. */
function repeat(n: number, server: number, otherRequest: boolean): Command {
  return step(
    `repeat ${n} by server ${server}${otherRequest ? ', with another request' : ''}`,
    async (model, exchange) => {
      const { remembered } = model.world;
      const first = remembered[n % Math.max(remembered.length, 1)];
      if (!first) return;
      const { key, as, method, path, body } = first;
      if (otherRequest && as === 'operator') return;
      const other = { as, method: 'POST', path: '/agents', body: { name: 'Another request' } };
      const answer = await exchange.ask(otherRequest ? other : { as, method, path, body }, server, key);
      if (otherRequest) {
        expectSame(at(answer.body, 'code'), 'idempotency_key_reused', `the key of ${method} ${path}`);
      } else {
        const again = { status: answer.status, body: lasting(answer.body) };
        expectSame(again, { status: first.status, body: first.answer }, `a repeat of ${describe(first)}`);
      }
    },
  );
}

const describe = ({ as, method, path, body }: Remembered): string =>
  `${as}: ${method} ${path} ${JSON.stringify(body ?? null)}`;

export type Crash = 'none' | 'connections' | 'restart';

/**
 * Requests at once, spread over both servers, perhaps with every connection lost or a server restarted in the middle.
 * Whoever has no answer asks again under the same key. The answers must be those of some order of the requests.
 */
function race(drafts: readonly Draft[], crash: Crash, delayMilliseconds: number): Command {
  const name = `race of ${JSON.stringify(drafts)}, crash ${crash} after ${delayMilliseconds} ms`;
  return step(name, async (model, exchange) => {
    const asked = drafts.flatMap((draft) => make(model.world, exchange, draft) ?? []);
    const keys = asked.map(() => exchange.newKey());
    const answering = Promise.all(asked.map((one, index) => insist(exchange, one, index, keys[index] ?? '')));
    // Awaited below: a failure before that must not count as nobody's.
    answering.catch(() => undefined);
    if (crash !== 'none') await new Promise((resolve) => setTimeout(resolve, delayMilliseconds));
    if (crash === 'connections') await exchange.dropConnections();
    if (crash === 'restart') await exchange.restart();
    const answers = await answering;
    if (crash !== 'none') await exchange.settle();
    model.world = await explain(model.world, exchange, asked, answers);
    asked.forEach((one, index) => {
      const answer = answers[index];
      if (answer) remember(model.world, one, keys[index] ?? '', answer);
    });
  });
}

/**
 * The world after an order of the requests in which each would have got its answer. Several orders may explain the
 * answers and end differently, as when a number is handed over and taken back: what the exchange shows then decides.
 */
async function explain(
  world: World,
  exchange: Exchange,
  asked: readonly Asked[],
  answers: readonly HttpAnswer[],
): Promise<World> {
  const reasons: string[] = [];
  const seen = new Set<string>();
  for (const order of permutations(asked.map((_, index) => index))) {
    try {
      const after = order.reduce((before, index) => {
        const [one, answer] = [asked[index], answers[index]];
        return one && answer ? judged(before, one, answer) : before;
      }, structuredClone(world));
      const end = JSON.stringify([...after.rentals, ...after.holds, ...after.numbers, ...after.accounts]);
      if (seen.has(end)) continue;
      seen.add(end);
      await compareAll(after, exchange);
      return after;
    } catch (error) {
      reasons.push(
        `in the order ${order.join(', ')}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  throw new Error(`no order of the requests explains the answers\n${reasons.join('\n\n')}`);
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

function waiting(seconds: number): Command {
  return step(`wait ${seconds} s`, (model, exchange) => {
    exchange.base.clock.advance(seconds);
    model.world.now = exchange.now;
    return Promise.resolve();
  });
}

export type Workers = 'one' | 'two' | 'crashing';

function dueWork(workers: Workers, delayMilliseconds: number): Command {
  return step(`due work by ${workers}, ${delayMilliseconds} ms`, async (model, exchange) => {
    if (workers === 'two') await Promise.all([exchange.doDueWork(), exchange.doDueWork()]);
    if (workers === 'crashing') {
      const working = exchange.doDueWork().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, delayMilliseconds));
      await exchange.dropConnections([dueWorkName]);
      await working;
    }
    await exchange.doDueWork();
    doDueWork(model.world);
  });
}

const drafts: fc.Arbitrary<Draft> = fc.record({
  verb: fc.constantFrom(...verbs),
  who: fc.nat({ max: 39 }),
  x: fc.nat({ max: 99 }),
  y: fc.nat({ max: 99 }),
  z: fc.nat({ max: 23 }),
});

/** From seconds to 40 days, with whole days and the lengths of windows among them. */
const spans: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 3600 }).map((n) => n + 0.5),
  fc.constantFrom(600, 3600, 86_400, 3 * 86_400, 7 * 86_400, 28 * 86_400),
  fc.integer({ min: 3600, max: 3 * 86_400 }),
  fc.integer({ min: 1, max: 40 * 86_400 }),
);

const server = fc.nat({ max: 1 });
const delay = fc.nat({ max: 12 });

/** Every command, the frequent ones named more than once. */
export const commands: readonly fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 8 }, () => fc.tuple(drafts, server, fc.boolean()).map((args) => request(...args))),
  ...Array.from({ length: 2 }, () =>
    fc
      .tuple(fc.array(drafts, { minLength: 2, maxLength: 4 }), fc.constant('none' as const), fc.constant(0))
      .map((args) => race(...args)),
  ),
  fc
    .tuple(
      fc.array(drafts, { minLength: 1, maxLength: 3 }),
      fc.constantFrom<Crash>('connections', 'connections', 'restart'),
      delay,
    )
    .map((args) => race(...args)),
  fc.tuple(fc.nat({ max: 39 }), server, fc.boolean()).map((args) => repeat(...args)),
  ...Array.from({ length: 2 }, () => spans.map(waiting)),
  ...Array.from({ length: 2 }, () =>
    fc.tuple(fc.constantFrom<Workers>('one', 'two', 'crashing'), delay).map((args) => dueWork(...args)),
  ),
  fc.nat({ max: 99 }).map((n) => step(`call ${n}`, (model, exchange) => makeCall(model.world, exchange, n))),
];
