import type { Context } from '../core/context.js';
import { systemClock } from '../lib/clock.js';
import { newRequestId } from '../lib/ids.js';
import type { OpenDatabase } from '../server/open-database.js';

/** What commands use of the world outside. */
export interface Surroundings {
  readonly openDatabase: () => Promise<OpenDatabase>;
  readonly runServer: (options: { demo: boolean }) => Promise<void>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Lends a command the database, with the operator acting, and gives it back whatever happens. */
export async function withOperator<T>(
  surroundings: Surroundings,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const database = await surroundings.openDatabase();
  try {
    return await work({
      sql: database.pool,
      clock: systemClock,
      actor: { kind: 'operator', keyId: null },
      requestId: newRequestId(),
    });
  } finally {
    await database.close();
  }
}

/** Prints a result: one line of JSON for programs, or sentences for people. */
export function print(
  { out }: Surroundings,
  json: boolean | undefined,
  result: object,
  sentences: readonly string[],
): void {
  out(json ? `${JSON.stringify(result)}\n` : sentences.map((sentence) => `${sentence}\n`).join(''));
}

export const jsonOption = ['--json', 'print the result as JSON, for programs'] as const;
