import type { Query } from '../../http/wire.js';
import { textOf } from './parse.js';

/** Contract 1.4: pages by number. What cannot be meant falls back and is never an error. */

export interface NumberedPage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface SizeRule {
  readonly name: string;
  readonly usual: number;
  readonly max: number;
  /** What becomes of a size above the largest. */
  readonly above: 'largest' | 'usual';
}

/** Pages behind this one are all alike: empty. */
const pageMax = 1_000_000_000;

export function pageOf(query: Query, rule: SizeRule): NumberedPage {
  return { page: Math.min(countOf(query, 'page') ?? 1, pageMax), perPage: sizeOf(query, rule) };
}

export function sizeOf(query: Query, { name, usual, max, above }: SizeRule): number {
  const size = countOf(query, name);
  if (size === undefined) return usual;
  if (size <= max) return size;
  return above === 'largest' ? max : usual;
}

/** A whole number from 0; anything else is 0. */
export function offsetOf(query: Query): number {
  return Math.min(countOf(query, 'offset') ?? 0, pageMax);
}

/** A whole number from 1. */
function countOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  return text !== undefined && /^\d*[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

export const numbersPerPage: SizeRule = { name: 'per_page', usual: 25, max: 100, above: 'largest' };
