import type { Query } from '../../http/wire.js';
import { offsetFrom, pageNumberFrom, sizeFrom } from '../../http/paging.js';
import type { SizeRule } from '../../http/paging.js';
import { textOf } from './parse.js';

/** Contract 1.4: pages by number. What cannot be meant falls back and is never an error. */

export type { SizeRule } from '../../http/paging.js';

export interface NumberedPage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export function pageOf(query: Query, rule: SizeRule): NumberedPage {
  return { page: pageNumberFrom(textOf(query, 'page')), perPage: sizeOf(query, rule) };
}

export function sizeOf(query: Query, rule: SizeRule): number {
  return sizeFrom(textOf(query, rule.name), rule);
}

/** A whole number from 0; anything else is 0. */
export function offsetOf(query: Query): number {
  return offsetFrom(textOf(query, 'offset'));
}

export const numbersPerPage: SizeRule = { name: 'per_page', usual: 25, max: 100, above: 'largest' };
