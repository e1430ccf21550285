import { assert } from '../lib/assert.js';
import { formatE164 } from '../lib/e164.js';
import { readWord, spellWord } from '../lib/ids.js';
import type { Environment } from './context.js';

/** One bigint names a number in its environment, in every table. */

const testOffset = 1e15;

/** The row id of an E.164 number: its digits, plus 10^15 in the test environment. */
export function numberIdOf(digits: number, environment: Environment): number {
  assert(digits > 0 && digits < testOffset, `E.164 digits, not ${digits}`);
  return environment === 'live' ? digits : digits + testOffset;
}

export function digitsOf(numberId: number): number {
  return numberId >= testOffset ? numberId - testOffset : numberId;
}

export function environmentOf(numberId: number): Environment {
  return numberId >= testOffset ? 'test' : 'live';
}

export function e164Of(numberId: number): string {
  return formatE164(digitsOf(numberId));
}

const wordPrefix = 'num_';

/** A number's id for life, the same in both environments and before, during and after a rental. */
export function spellNumberId(numberId: number): string {
  return spellWord(wordPrefix, digitsOf(numberId));
}

/** The row id that spellNumberId wrote; undefined for anything else. */
export function readNumberId(text: string, environment: Environment): number | undefined {
  const digits = readWord(wordPrefix, text);
  return digits === undefined || digits === 0 || digits >= testOffset
    ? undefined
    : numberIdOf(digits, environment);
}

/** First and last row id of an environment: what confines a scan to it. */
export function idRangeOf(environment: Environment): { first: number; last: number } {
  return environment === 'live'
    ? { first: 1, last: testOffset - 1 }
    : { first: testOffset + 1, last: 2 * testOffset - 1 };
}
