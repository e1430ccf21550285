import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';
import type { WebhookEvent } from './style.js';

/** A delivery to be tried now, with all that the attempt needs, as it stood at the moment of the claim. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly endpointId: number;
  readonly ownerId: number;
  /** The account that the endpoint's owner is a sub-account of, or the owner itself. */
  readonly familyId: number;
  readonly environment: Environment;
  /** Attempts made, this one included. */
  readonly attempts: number;
  readonly url: string;
  readonly style: string;
  readonly open: boolean;
  /** Those in force, the newest first. */
  readonly secrets: string[];
  readonly event: WebhookEvent;
}

type FlatClaim = Omit<ClaimedDelivery, 'event'> &
  Omit<WebhookEvent, 'id' | 'at' | 'type'> & { eventId: number; eventAt: Date; eventType: string };

export interface ClaimBounds {
  readonly at: Date;
  /** When the claim runs out and the delivery is due again, unless an outcome has been recorded. */
  readonly leaseUntil: Date;
  readonly deliveriesMax: number;
  readonly perFamilyMax: number;
  readonly perEndpointMax: number;
  /** What this process is sending already. */
  readonly inFlight: InFlight;
  /** Which endpoints to look at: those of the longest due deliveries, or the next ones behind an endpoint. */
  readonly among: 'oldest' | { readonly behindEndpointId: number };
}

/** How many deliveries are on their way, by endpoint and by family. */
export interface InFlight {
  readonly byEndpoint: ReadonlyMap<number, number>;
  readonly byFamily: ReadonlyMap<number, number>;
}

/** The deliveries among which endpoints are looked for that have something due. */
const oldestMax = 256;
/** Endpoints with something pending that one turn of the round looks at. */
export const endpointsPerTurnMax = 1000;

const endpointsOfOldest = (sql: Sql, at: Date) => sql`
  select distinct oldest.endpoint_id from (
    select endpoint_id from webhook_delivery where state = 'pending' and next_attempt_at <= ${at}
    order by next_attempt_at limit ${oldestMax}
  ) oldest`;

/** Steps from endpoint to endpoint through the index, over however long a queue one of them has. */
const endpointsBehind = (sql: Sql, endpointId: number) => sql`
  (select endpoint_id, 1 as step from webhook_delivery
   where state = 'pending' and endpoint_id > ${endpointId} order by endpoint_id limit 1)
  union all
  select (select d.endpoint_id from webhook_delivery d
          where d.state = 'pending' and d.endpoint_id > waiting.endpoint_id order by d.endpoint_id limit 1),
    waiting.step + 1
  from waiting where waiting.endpoint_id is not null and waiting.step < ${endpointsPerTurnMax}`;

/**
 * The last endpoint that a turn of the round behind this one looks at; undefined when the round is over, so that the next
 * turn begins at the first endpoint.
 */
export async function lastEndpointOfTurn(sql: Sql, behindEndpointId: number): Promise<number | undefined> {
  const [row] = await sql<{ last: number | null }[]>`
    with recursive waiting as (${endpointsBehind(sql, behindEndpointId)})
    select endpoint_id as last from waiting where step = ${endpointsPerTurnMax}`;
  return row?.last ?? undefined;
}

const counted = (sql: Sql, counts: ReadonlyMap<number, number>) => sql`
  unnest(${[...counts.keys()]}::bigint[], ${[...counts.values()]}::bigint[])`;

/**
 * Claims what is due: so many in all, so many of one family (an account with its sub-accounts) and of one endpoint.
 * Families take turns, the one with the fewest on their way first, and so do the endpoints of each. Nothing is locked but
 * what is claimed. The limits of one keep the planner from joining whole tables when its statistics are behind.
 */
export async function claimDue(sql: Sql, bounds: ClaimBounds): Promise<ClaimedDelivery[]> {
  const { at, leaseUntil, deliveriesMax, perFamilyMax, perEndpointMax, inFlight, among } = bounds;
  const rows = await sql<FlatClaim[]>`
    with recursive waiting as (
      ${among === 'oldest' ? endpointsOfOldest(sql, at) : endpointsBehind(sql, among.behindEndpointId)}
    ), open as materialized (
      select waiting.endpoint_id, family.id as family_id,
        coalesce(by_family.sending, 0) as family_sending, coalesce(by_endpoint.sending, 0) as endpoint_sending
      from waiting
      cross join lateral (select account_id from webhook_endpoint where id = waiting.endpoint_id limit 1) w
      cross join lateral (select coalesce(parent_id, id) as id from account where id = w.account_id limit 1) family
      left join ${counted(sql, inFlight.byFamily)} as by_family(id, sending) on by_family.id = family.id
      left join ${counted(sql, inFlight.byEndpoint)} as by_endpoint(id, sending) on by_endpoint.id = waiting.endpoint_id
      where coalesce(by_family.sending, 0) < ${perFamilyMax} and coalesce(by_endpoint.sending, 0) < ${perEndpointMax}
    ), due as (
      select found.id, found.next_attempt_at, open.family_id, open.family_sending,
        open.endpoint_sending + row_number() over (
          partition by open.endpoint_id order by found.next_attempt_at, found.id) as endpoint_turn
      from open
      cross join lateral (
        select d.id, d.next_attempt_at from webhook_delivery d
        where d.endpoint_id = open.endpoint_id and d.state = 'pending' and d.next_attempt_at <= ${at}
        order by d.next_attempt_at limit ${perEndpointMax} - open.endpoint_sending
      ) found
    ), in_turn as (
      select id, next_attempt_at, family_sending + row_number() over (
        partition by family_id order by endpoint_turn, next_attempt_at, id) as family_turn
      from due
    ), chosen as materialized (
      select id from in_turn where family_turn <= ${perFamilyMax}
      order by family_turn, next_attempt_at, id limit ${deliveriesMax}
    ), free as materialized (
      select id from webhook_delivery
      where id = any (array(select id from chosen)) and state = 'pending' and next_attempt_at <= ${at}
      order by id for update skip locked
    ), claimed as (
      update webhook_delivery d set attempts = d.attempts + 1, next_attempt_at = ${leaseUntil}
      where d.id = any (array(select id from free))
      returning d.id, d.endpoint_id, d.event_id, d.attempts
    )
    select c.id, c.endpoint_id as "endpointId", w.account_id as "ownerId",
      (select coalesce(f.parent_id, f.id) from account f where f.id = w.account_id) as "familyId", a.environment, c.attempts, w.url, w.style,
      w.status = 'active' and w.deleted_at is null as open,
      array(select s.secret from webhook_secret s
            where s.endpoint_id = w.id and (s.expires_at is null or s.expires_at > ${at})
            order by s.id desc) as secrets,
      e.id as "eventId", e.at as "eventAt", e.type as "eventType", e.account_id as "accountId",
      a.public_id as "accountPublicId", e.subject_kind as "subjectKind", e.subject_id as "subjectId", e.payload
    from claimed c
    cross join lateral (select * from webhook_endpoint where id = c.endpoint_id limit 1) w
    cross join lateral (select * from event where id = c.event_id limit 1) e
    cross join lateral (select * from account where id = e.account_id limit 1) a
    order by c.id`;
  return rows.map(claimOf);
}

function claimOf(flat: FlatClaim): ClaimedDelivery {
  const {
    eventId,
    eventAt,
    eventType,
    accountId,
    accountPublicId,
    subjectKind,
    subjectId,
    payload,
    ...claim
  } = flat;
  const event = {
    id: eventId,
    at: eventAt,
    type: eventType,
    accountId,
    accountPublicId,
    subjectKind,
    subjectId,
    payload,
  };
  return { ...claim, event };
}

/** What an attempt led to. `attempts` is the claim's own count: a claim that ran out cannot overwrite a later one. */
export interface AttemptResult {
  readonly id: number;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
}

/** A success counts whenever it comes, also when the claim has run out meanwhile. */
export async function recordDelivered(sql: Sql, result: AttemptResult, at: Date): Promise<void> {
  await sql`
    update webhook_delivery
    set state = 'delivered', next_attempt_at = null, delivered_at = ${at}, last_status = ${result.status}, last_error = null
    where id = ${result.id} and state = 'pending'`;
}

export async function recordRetry(sql: Sql, result: AttemptResult, nextAttemptAt: Date): Promise<void> {
  await sql`
    update webhook_delivery
    set next_attempt_at = ${nextAttemptAt}, last_status = ${result.status}, last_error = ${result.error}
    where id = ${result.id} and state = 'pending' and attempts = ${result.attempts}`;
}

export async function recordDead(sql: Sql, result: AttemptResult): Promise<void> {
  await sql`
    update webhook_delivery
    set state = 'dead', next_attempt_at = null, last_status = ${result.status}, last_error = ${result.error}
    where id = ${result.id} and state = 'pending' and attempts = ${result.attempts}`;
}
