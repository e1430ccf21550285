/** Raised when the code itself is wrong: never a user's mistake, always a bug to be found. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** States what must hold here; throws with the reason when it does not. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new AssertionError(why);
}

/** Gives the value back without null or undefined, or throws with the reason. */
export function present<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new AssertionError(why);
  return value;
}
