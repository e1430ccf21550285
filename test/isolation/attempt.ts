import type { Asker, AskerKind, Household } from './household.js';

/** One request that a stranger makes, and what the contract has it answered with. */
export interface Attempt {
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** Where who asks makes a difference. */
  readonly by?: Partial<Record<AskerKind, number>>;
}

/** What strangers try at each route, by `METHOD path`. */
export type Rows = Readonly<Record<string, (victim: Household, asker: Asker) => readonly Attempt[]>>;

/** The things named are not there for whoever asks. */
export function absent(path: string, body?: unknown): Attempt {
  return { path, status: 404, ...(body === undefined ? {} : { body }) };
}

/** Only the operator may. */
export function operators(path: string, body?: unknown): Attempt {
  return { ...absent(path, body), status: 403 };
}

/** Asks for one's own: answered, and nothing of the victim's is in it. */
export function served(path: string, body?: unknown, status = 200): Attempt {
  return { ...absent(path, body), status };
}

/** The number exists and is not free; in the other environment nothing of the kind exists. */
export function taken(path: string, body?: unknown): Attempt {
  return { ...absent(path, body), status: 409, by: { otherEnvironment: 404 } };
}

/** As `attempt`, but answered otherwise to sub-accounts, whosever they are. */
export function bySubs(status: number, attempt: Attempt): Attempt {
  return { ...attempt, by: { ...attempt.by, sub: status, branch: status } };
}
