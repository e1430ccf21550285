import type postgres from 'postgres';
import type { Sql } from '../../../database/connection.js';
import type { LedgerLine } from '../store.js';
import type { Month } from './month.js';

/** The SQL of statements: index walks over one wallet's transfers in order of their dates. */

/** The line that a page begins behind. */
export interface LinePosition {
  readonly at: Date;
  readonly id: number;
}

export interface StatementSums {
  /** Before the first line of the month. */
  readonly openingMinor: number;
  readonly creditsMinor: number;
  readonly debitsMinor: number;
  /** After the line that the page begins behind. */
  readonly balanceBehindMinor: number;
}

/** A line as it is stored; `numberId` is of the number of its rental. */
export interface StatementRow extends LedgerLine {
  readonly numberId: number | null;
}

interface SumsAndRow extends StatementSums {
  readonly line: boolean;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

interface Page {
  readonly walletId: number;
  readonly month: Month;
  readonly after: LinePosition | undefined;
  readonly limit: number;
}

function linesOfPage(sql: Sql, { walletId, month, after, limit }: Page): Fragment {
  const behind =
    after === undefined ? sql`` : sql`and (t.created_at, t.id) > (${after.at}, ${after.id}::bigint)`;
  const side = (column: 'debit_wallet_id' | 'credit_wallet_id', direction: LedgerLine['direction']) => sql`
    (select t.id, t.kind, t.amount_minor, t.currency, ${direction}::text as direction, t.rental_id, t.cycle_number,
            t.reference, t.created_at
     from transfer t
     where t.${sql(column)} = ${walletId} and t.created_at >= ${month.from} and t.created_at < ${month.until} ${behind}
     order by t.created_at, t.id limit ${limit})`;
  return sql`
    select l.id, l.kind, l.amount_minor as "amountMinor", l.currency, l.direction, l.rental_id as "rentalId",
           l.cycle_number as "cycleNumber", l.reference, l.created_at as "createdAt", r.number_id as "numberId"
    from (
      select * from (${side('debit_wallet_id', 'debit')} union all ${side('credit_wallet_id', 'credit')}) sides
      order by created_at, id limit ${limit}
    ) l
    left join rental r on r.id = l.rental_id`;
}

/** Lines of a wallet in a month behind a position, the earliest first. */
export async function findStatementRows(sql: Sql, page: Page): Promise<StatementRow[]> {
  return sql<StatementRow[]>`select * from (${linesOfPage(sql, page)}) p order by "createdAt", id`;
}

/** The same with the sums of the month, out of one snapshot. What came before the month is the balance less what followed. */
export async function findStatementPage(
  sql: Sql,
  page: Page,
): Promise<{ sums: StatementSums; rows: StatementRow[] }> {
  const { walletId, month, after } = page;
  const side = (column: 'debit_wallet_id' | 'credit_wallet_id', sign: 1 | -1) => sql`
    select ${sign}::int as sign, t.amount_minor as minor, t.created_at, t.id
    from transfer t where t.${sql(column)} = ${walletId} and t.created_at >= ${month.from}`;
  const seen = after === undefined ? sql`false` : sql`(created_at, id) <= (${after.at}, ${after.id}::bigint)`;
  const found = await sql<(SumsAndRow & StatementRow)[]>`
    with sums as (
      select coalesce(sum(sign * minor), 0) as since,
             coalesce(sum(minor) filter (where sign = 1 and created_at < ${month.until}), 0) as credits,
             coalesce(sum(minor) filter (where sign = -1 and created_at < ${month.until}), 0) as debits,
             coalesce(sum(sign * minor) filter (where ${seen}), 0) as seen
      from (${side('credit_wallet_id', 1)} union all ${side('debit_wallet_id', -1)}) moved
    )
    select (w.balance_minor - s.since)::bigint as "openingMinor", s.credits::bigint as "creditsMinor",
           s.debits::bigint as "debitsMinor", (w.balance_minor - s.since + s.seen)::bigint as "balanceBehindMinor",
           p.id is not null as line, p.*
    from wallet w cross join sums s left join (${linesOfPage(sql, page)}) p on true
    where w.id = ${walletId}
    order by p."createdAt", p.id`;
  const [first] = found;
  const { openingMinor = 0, creditsMinor = 0, debitsMinor = 0, balanceBehindMinor = 0 } = first ?? {};
  return {
    sums: { openingMinor, creditsMinor, debitsMinor, balanceBehindMinor },
    rows: found.filter(({ line }) => line),
  };
}
