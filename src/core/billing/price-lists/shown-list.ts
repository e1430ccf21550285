import type { PriceAdjustment } from '../price-book.js';

/** A price list. Plain data: stored and replayed as JSON. */
export interface PriceList {
  readonly id: number;
  readonly name: string;
  /** The list that it inherits from, and how those prices are changed. */
  readonly inherits: {
    readonly id: number;
    readonly name: string;
    readonly adjustment: PriceAdjustment;
  } | null;
  /** Rules in force or planned. */
  readonly rules: number;
  /** In which its own rules are, in alphabetical order. */
  readonly currencies: readonly string[];
}
