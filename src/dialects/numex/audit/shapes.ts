import { Type } from 'typebox';
import type { AuditEntryRow } from '../../../core/audit/index.js';
import { e164Of } from '../../../core/number-id.js';
import { spellId, spellNumberId, spellSubject } from '../ids.js';
import { named, Timestamp } from '../schemas.js';
import type { HolderThen } from './verbs.js';

const nullable = (what: ReturnType<typeof Type.String>) => Type.Union([what, Type.Null()]);

export const EntryShape = named(
  'AuditEntry',
  Type.Object({
    id: Type.String(),
    at: Timestamp,
    environment: nullable(Type.String()),
    account: nullable(Type.String({ description: 'Whose affair it was; null is the operator’s' })),
    actor: Type.String({ description: 'The key, the operator, or the part of Numex that acted' }),
    action: Type.String({ examples: ['number.buy'] }),
    subject: Type.Object({ kind: Type.String(), id: Type.String() }),
    number: nullable(Type.String()),
    request_id: Type.String(),
    details: Type.Object({}, { additionalProperties: true }),
  }),
);
export const HolderShape = named(
  'NumberHolder',
  Type.Object({
    number: Type.String(),
    number_id: Type.String(),
    at: Timestamp,
    holder: Type.Union([
      Type.Object({
        account: Type.String(),
        name: Type.String(),
        rental_id: Type.String(),
        since: Timestamp,
        until: nullable(Timestamp),
      }),
      Type.Null(),
    ]),
  }),
);

export function renderEntry(row: AuditEntryRow) {
  const {
    id,
    at,
    environment,
    account,
    actor,
    action,
    subjectKind,
    subjectId,
    numberId,
    requestId,
    details,
  } = row;
  return {
    id: spellId('entry', id),
    at: at.toISOString(),
    environment,
    account,
    actor,
    action,
    subject: { kind: subjectKind, id: spellSubject(subjectKind, subjectId) },
    number: numberId === null ? null : e164Of(numberId),
    request_id: requestId,
    details,
  };
}

export function renderHolder({ numberId, at, holder }: HolderThen) {
  return {
    number: e164Of(numberId),
    number_id: spellNumberId(numberId),
    at: at.toISOString(),
    holder: holder && {
      account: holder.account,
      name: holder.name,
      rental_id: spellId('rental', holder.rentalId),
      since: holder.since.toISOString(),
      until: holder.until?.toISOString() ?? null,
    },
  };
}
