import type { Sql } from '../../database/connection.js';
import { endpointsPerAccountMax } from './endpoint-input.js';

export type DeliveryState = 'pending' | 'delivered' | 'dead';

export interface DeliveryRow {
  readonly id: number;
  readonly endpointId: number;
  readonly eventId: number;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
}

const deliveryColumns = (sql: Sql) => sql`
  d.id, d.endpoint_id as "endpointId", d.event_id as "eventId",
  (select type from event e where e.id = d.event_id) as "eventType", d.state, d.attempts,
  d.next_attempt_at as "nextAttemptAt", d.last_status as "lastStatus", d.last_error as "lastError",
  d.created_at as "createdAt", d.delivered_at as "deliveredAt"`;

/** An event's endpoints at most: its account's own, and those of the parent. */
const endpointsPerEventMax = 2 * endpointsPerAccountMax;

/**
 * Turns the oldest events that somebody listens for into deliveries, one for each endpoint whose filters take them; gives
 * how many events. Whoever runs this at the same time takes other events. The limits keep each step an index probe for
 * one event: with statistics that are behind, the planner would join the tables as a whole.
 */
export async function fanOut(sql: Sql, at: Date, limit: number, testType: string): Promise<number> {
  const [row] = await sql<{ taken: number }[]>`
    with oldest as materialized (
      select event_id from webhook_outbox order by event_id limit ${limit} for update skip locked
    ), taken as (
      delete from webhook_outbox where event_id = any (array(select event_id from oldest)) returning event_id
    ), made as (
      insert into webhook_delivery (endpoint_id, event_id, next_attempt_at, created_at)
      select w.id, e.id, ${at}, ${at}
      from taken
      cross join lateral (select id, account_id, type from event where id = taken.event_id limit 1) e
      cross join lateral (select id, parent_id from account where id = e.account_id limit 1) a
      cross join lateral (
        select id from webhook_endpoint
        where account_id in (a.id, a.parent_id) and (account_id = a.id or include_sub_accounts)
          and deleted_at is null and status = 'active'
          and exists (
            select 1 from unnest(filters) filter
            where filter in ('*', e.type) or (right(filter, 2) = '.*' and starts_with(e.type, left(filter, -1))))
        limit ${endpointsPerEventMax}
      ) w
      where e.type <> ${testType}
      order by e.id, w.id
      on conflict (endpoint_id, event_id) do nothing
    )
    select count(*) as taken from taken`;
  return row?.taken ?? 0;
}

/** A delivery of the endpoint's newest event of that type and about itself, due at once. */
export async function insertTestDelivery(
  sql: Sql,
  endpointId: number,
  testType: string,
  at: Date,
): Promise<DeliveryRow> {
  const [row] = await sql<DeliveryRow[]>`
    insert into webhook_delivery as d (endpoint_id, event_id, next_attempt_at, created_at)
    select ${endpointId}, e.id, ${at}, ${at} from event e
    where e.subject_kind = 'endpoint' and e.subject_id = ${endpointId} and e.type = ${testType}
    order by e.id desc limit 1
    returning ${deliveryColumns(sql)}`;
  return row as DeliveryRow;
}

/** The newest first. */
export async function listDeliveryRows(
  sql: Sql,
  {
    endpointId,
    state,
    beforeId,
    limit,
  }: { endpointId: number; state: DeliveryState | undefined; beforeId: number; limit: number },
): Promise<DeliveryRow[]> {
  // Spelt out, since only a literal lets the server use the index of dead deliveries.
  const ofState = state === 'dead' ? sql`and d.state = 'dead'` : state ? sql`and d.state = ${state}` : sql``;
  return sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from webhook_delivery d
    where d.endpoint_id = ${endpointId} and d.id < ${beforeId} ${ofState}
    order by d.id desc limit ${limit}`;
}

export async function lockDelivery(
  sql: Sql,
  endpointId: number,
  id: number,
): Promise<DeliveryRow | undefined> {
  const [row] = await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from webhook_delivery d
    where d.id = ${id} and d.endpoint_id = ${endpointId} for no key update`;
  return row;
}

/** Deletes the oldest deliveries that are over, a bounded number of them; gives how many. */
export async function deleteOldDeliveries(sql: Sql, before: Date, limit: number): Promise<number> {
  const result = await sql`
    with oldest as materialized (
      select id from webhook_delivery where state <> 'pending' and created_at < ${before}
      order by created_at limit ${limit} for update skip locked)
    delete from webhook_delivery d using oldest where d.id = oldest.id`;
  return result.count;
}

/** Makes a delivery due as if it had never been tried. */
export async function restartDelivery(sql: Sql, id: number, at: Date): Promise<DeliveryRow> {
  const [row] = await sql<DeliveryRow[]>`
    update webhook_delivery d set state = 'pending', attempts = 0, next_attempt_at = ${at}, delivered_at = null
    where d.id = ${id}
    returning ${deliveryColumns(sql)}`;
  return row as DeliveryRow;
}

/** Makes the oldest dead deliveries of an endpoint due again; gives how many. */
export async function restartDead(sql: Sql, endpointId: number, at: Date, limit: number): Promise<number> {
  const result = await sql`
    with oldest as materialized (
      select id from webhook_delivery where endpoint_id = ${endpointId} and state = 'dead'
      order by id limit ${limit} for no key update skip locked)
    update webhook_delivery d set state = 'pending', attempts = 0, next_attempt_at = ${at}
    from oldest where d.id = oldest.id`;
  return result.count;
}
