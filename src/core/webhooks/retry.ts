import { addSeconds } from '../../lib/clock.js';

/** Pauses after the first, second, … failure, in seconds: 27.7 hours in all, and as much again at most by chance. */
const pauseSeconds = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200] as const;
/** Attempts after which a delivery is dead. */
export const attemptsMax = pauseSeconds.length + 1;
/** A receiver may ask for more time, but not for more than the longest pause. */
export const retryAfterSecondsMax = 43_200;

/**
 * When to try again after the given number of failed attempts; undefined when that was the last one. A pause is drawn
 * from once to twice its length, so that deliveries which failed together do not come back together. `retryAfter` is
 * the receiver's header: it can lengthen the pause, within bounds, and never shorten it.
 */
export function nextAttemptAt(
  attempts: number,
  retryAfter: string | undefined,
  at: Date,
  random: () => number,
): Date | undefined {
  const pause = pauseSeconds[attempts - 1];
  if (pause === undefined) return undefined;
  const asked = Math.min(retryAfterSeconds(retryAfter, at), retryAfterSecondsMax);
  return addSeconds(at, Math.max(pause * (1 + random()), asked));
}

/** `Retry-After` in seconds, given as such or as an HTTP date; 0 for nonsense. */
function retryAfterSeconds(header: string | undefined, at: Date): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = Date.parse(text);
  return Number.isNaN(until) ? 0 : Math.max(0, (until - at.getTime()) / 1000);
}
