/** How many rows fit, counted to a bound. */
export interface Counted {
  readonly total: number;
  /** False where there may be more. */
  readonly isExact: boolean;
}

/** The total that goes with a page: one that was counted to a bound covers the page and, behind a full one, says that there is more. */
export function totalWith(
  { total, isExact }: Counted,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  shown: number,
): number {
  if (isExact || shown === 0) return total;
  return Math.max(total, offset + shown + (shown === limit ? 1 : 0));
}
