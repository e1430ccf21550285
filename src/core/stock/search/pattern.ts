import { phonewordToDigits } from '../../../lib/e164.js';
import { digitsMax } from './digit-ranges.js';

/**
 * Patterns over all digits of a number, country code first: `?` stands for one digit, `*` for any run of them. What a
 * search says about digits becomes patterns, and a pattern becomes whatever an index or SQL understands.
 */

/** A pattern taken apart: what the number begins with, what it has somewhere between, what it ends with. */
export interface PatternParts {
  readonly head: string;
  readonly middles: readonly string[];
  readonly tail: string;
  /** Without a `*` a pattern gives the number's length, and `tail` is empty. */
  readonly length: number | undefined;
}

const patternLengthMax = 32;

/** Reads a run of digits or a phoneword, with or without a leading plus sign; undefined for anything else. */
export function readDigits(text: string): string | undefined {
  const digits = phonewordToDigits(text.replace(/^\+/, ''));
  return /^\d+$/.test(digits) && digits.length <= digitsMax ? digits : undefined;
}

/** Reads a pattern of digits, letters of a phoneword, `?` and `*`; undefined for anything else. */
export function readPattern(text: string): string | undefined {
  if (text.length > patternLengthMax) return undefined;
  const pattern = phonewordToDigits(text.replace(/^\+/, '')).replace(/\*+/g, '*');
  if (!/^[\d?*]+$/.test(pattern)) return undefined;
  return pattern.replaceAll('*', '').length <= digitsMax ? pattern : undefined;
}

export function partsOf(pattern: string): PatternParts {
  const parts = pattern.split('*');
  const [head = ''] = parts;
  if (parts.length === 1) return { head, middles: [], tail: '', length: head.length };
  const middles = parts.slice(1, -1).filter((part) => part !== '');
  return { head, middles, tail: parts.at(-1) ?? '', length: undefined };
}

export function asLike(pattern: string): string {
  return pattern.replaceAll('?', '_').replaceAll('*', '%');
}

/** A part as a regular expression, without anchors. */
export function asRegex(part: string): string {
  return part.replaceAll('?', '.');
}

export function fixedCount(part: string): number {
  return part.replace(/[?*]/g, '').length;
}

export function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Lays one template over another of the same place; undefined where their digits contradict each other. */
export function overlay(base: string, over: string): string | undefined {
  let result = '';
  for (let i = 0; i < Math.max(base.length, over.length); i++) {
    const a = base[i] ?? '?';
    const b = over[i] ?? '?';
    if (a !== '?' && b !== '?' && a !== b) return undefined;
    result += a === '?' ? b : a;
  }
  return result;
}

/** How many runs of digits a template stands for. */
export function expansions(template: string): number {
  return 10 ** (template.length - fixedCount(template));
}
