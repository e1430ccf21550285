import { textFault } from '../../lib/text.js';
import { writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { readAll } from '../faults.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { isStillHeld } from '../number-life.js';
import { lockOpenRental, setDescription } from './store.js';

export const tagsMax = 20;
export const tagLengthMax = 50;
export const labelLengthMax = 100;

export interface DescribeInput {
  readonly rentalId: number;
  /** The whole list; repeated tags are kept once, in order. */
  readonly tags?: readonly string[] | undefined;
  /** null takes the label away. */
  readonly label?: string | null | undefined;
}

/** Plain data: stored and replayed as JSON. */
export interface Description {
  readonly rentalId: number;
  readonly tags: readonly string[];
  readonly label: string | null;
}

/**
 * Sets the tags or the label of a number that the account holds, whatever its state. What is not given stays.
 *
 * Raises forbidden, account_blocked, invalid_input (tags, label), not_found (rental), idempotency_*.
 */
export async function describeRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: DescribeInput;
}): Promise<Description> {
  const account = writingAccount(ctx);
  const { tags, label } = readAll({
    tags: () => input.tags && cleanTags(input.tags),
    label: () => (input.label === undefined ? undefined : cleanLabel(input.label)),
  });
  return idempotently(ctx, async (inner) => {
    const now = inner.clock.now();
    const row = await lockOpenRental(inner.sql, input.rentalId);
    if (!row || row.accountId !== account.id || !isStillHeld(row, now)) {
      throw domainError('not_found', { kind: 'rental', id: input.rentalId });
    }
    const described = { tags: tags ?? row.tags, label: label === undefined ? row.label : label };
    await setDescription(inner.sql, row.id, described, now);
    await recordChange(inner, {
      environment: account.environment,
      accountId: account.id,
      action: 'number.describe',
      subjectKind: 'rental',
      subjectId: row.id,
      numberId: row.numberId,
      details: { number: e164Of(row.numberId), ...described },
      event: 'number.described',
    });
    return { result: { rentalId: row.id, ...described }, subject: { kind: 'rental', id: row.id } };
  });
}

function cleanTags(tags: readonly string[]): string[] {
  const clean = [...new Set(tags.map((tag) => tag.trim()))];
  if (clean.length > tagsMax) throw invalid('tags', `at most ${tagsMax} tags`);
  for (const tag of clean) {
    const reason = textFault(tag, tagLengthMax);
    if (reason !== undefined) throw invalid('tags', `each ${reason}`);
  }
  return clean;
}

function cleanLabel(text: string | null): string | null {
  if (text === null) return null;
  const label = text.trim();
  const reason = textFault(label, labelLengthMax);
  if (reason !== undefined) throw invalid('label', reason);
  return label;
}

function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}
