import type { Sql } from '../../../database/connection.js';

/** The SQL of a number's past: each part by an index that begins with the number. */

/** Something that happened to a number; what differs from part to part is in `facts`, ready for a wire. */
export interface HistoryRow {
  readonly id: number;
  /** When it began or happened. */
  readonly at: Date;
  /** Public id of the account concerned. */
  readonly account: string | null;
  readonly state: string | null;
  /** When it ended. */
  readonly until: Date | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Behind which row a page of one part starts. */
export interface HistoryPosition {
  readonly at: Date;
  readonly id: number;
}

interface Page {
  readonly after: HistoryPosition | undefined;
  readonly limit: number;
}

export async function listRentalsOf(
  sql: Sql,
  numberId: number,
  { after, limit }: Page,
): Promise<HistoryRow[]> {
  return sql<HistoryRow[]>`
    select r.id, r.started_at as at, a.public_id as account, r.state, r.ended_at as until,
           jsonb_build_object('currency', r.currency, 'setup_minor', r.setup_minor, 'recurring_minor', r.recurring_minor,
             'cycle', r.cycle, 'label', r.label, 'released_at', r.released_at) as facts
    from rental r left join account a on a.id = r.account_id
    where r.number_id = ${numberId}
      ${after ? sql`and (r.started_at, r.id) < (${after.at}, ${after.id})` : sql``}
    order by r.started_at desc, r.id desc limit ${limit}`;
}

export async function listHoldsOf(sql: Sql, numberId: number, { after, limit }: Page): Promise<HistoryRow[]> {
  return sql<HistoryRow[]>`
    select h.id, h.created_at as at, a.public_id as account, h.state, h.ended_at as until,
           jsonb_build_object('expires_at', h.expires_at) as facts
    from reservation h left join account a on a.id = h.account_id
    where h.number_id = ${numberId} ${after ? sql`and h.id < ${after.id}` : sql``}
    order by h.id desc limit ${limit}`;
}

export async function listMovesOf(sql: Sql, numberId: number, { after, limit }: Page): Promise<HistoryRow[]> {
  return sql<HistoryRow[]>`
    select m.id, m.moved_at as at, t.public_id as account, null as state, null::timestamptz as until,
           jsonb_build_object('from', f.public_id, 'to', t.public_id, 'forced', m.forced) as facts
    from rental_move m
    left join account f on f.id = m.from_account_id left join account t on t.id = m.to_account_id
    where m.number_id = ${numberId} ${after ? sql`and m.id < ${after.id}` : sql``}
    order by m.id desc limit ${limit}`;
}

export async function listCallsOf(sql: Sql, numberId: number, { after, limit }: Page): Promise<HistoryRow[]> {
  return sql<HistoryRow[]>`
    select c.id, p.started_at as at, a.public_id as account, null as state, c.ended_at as until,
           jsonb_build_object('call_id', c.call_id, 'direction', p.direction, 'from', '+' || c.from_digits,
             'to', '+' || c.to_digits, 'duration_seconds', c.duration_seconds, 'hangup_cause', c.hangup_cause) as facts
    from (
      select call_id, account_id, direction, started_at from call_party
      where number_id = ${numberId}
        ${after ? sql`and (started_at, call_id) < (${after.at}, ${after.id})` : sql``}
      order by started_at desc, call_id desc limit ${limit}) p
    join call c on c.id = p.call_id left join account a on a.id = p.account_id
    order by p.started_at desc, p.call_id desc`;
}
