import type { Sql } from '../../database/connection.js';
import { severalSubjects } from '../idempotency/index.js';
import type { Check, Fragment } from './check.js';

/** Where the rows of each kind of subject live. A kind that is missing here counts as pointing nowhere. */
const tableBySubjectKind: Readonly<Record<string, string>> = {
  order: 'purchase_order',
  reservation: 'reservation',
  rental: 'rental',
  account: 'account',
  key: 'api_key',
  transfer: 'transfer',
  wallet: 'wallet',
  number: 'number',
  group: 'number_group',
  agent: 'agent',
  trunk: 'trunk',
  application: 'application',
  assignment: 'assignment',
  address: 'address',
  document: 'address_document',
  policy: 'policy',
  endpoint: 'webhook_endpoint',
  delivery: 'webhook_delivery',
  clock: 'test_clock',
};

const recordColumns = (sql: Sql): Fragment =>
  sql`i.account_id, i.key, i.subject_kind, i.subject_id, i.outcome is null as unsettled`;

/** Records of one kind, refusals aside, whose subject is not there. */
function danglingOf(sql: Sql, kind: string, table: string): Fragment {
  return sql`
    select ${recordColumns(sql)}
    from idempotency i
    where i.subject_kind = ${kind} and i.outcome is not null and not i.outcome ? 'error'
      and not exists (select 1 from ${sql(table)} s where s.id = i.subject_id)`;
}

/** The checks of what remembers requests. */
export const recordChecks: readonly Check[] = [
  {
    name: 'idempotency_records_point_somewhere',
    promise: 'A remembered request was refused, or made something that exists',
    examined: (sql) => sql`select count(*) from idempotency`,
    violations: (sql) => {
      const kinds = [...Object.keys(tableBySubjectKind), severalSubjects.kind];
      // Nothing of these is ever committed: no outcome at all, or a success that names no subject known here.
      const unsettled = sql`
        select ${recordColumns(sql)}
        from idempotency i
        where i.outcome is null
           or (not i.outcome ? 'error' and (i.subject_id is null or (i.subject_kind = any(${kinds}::text[])) is not true))`;
      return Object.entries(tableBySubjectKind).reduce<Fragment>(
        (all, [kind, table]) => sql`${all} union all ${danglingOf(sql, kind, table)}`,
        unsettled,
      );
    },
  },
];
