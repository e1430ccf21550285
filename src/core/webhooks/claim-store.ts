import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';
import type { WebhookEvent } from './style.js';

/** A delivery to be tried now, with all that the attempt needs, as it stood at the moment of the claim. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly endpointId: number;
  readonly ownerId: number;
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
  readonly perEndpointMax: number;
  /** How many of an endpoint's deliveries this process is sending already. */
  readonly inFlight: ReadonlyMap<number, number>;
  /** Whether to look at every endpoint with something pending, not only at those of the longest due deliveries. */
  readonly everyEndpoint: boolean;
}

/** The deliveries among which endpoints are looked for that have something due. */
const oldestMax = 256;

const endpointsOfOldest = (sql: Sql, at: Date) => sql`
  select distinct oldest.endpoint_id from (
    select endpoint_id from webhook_delivery where state = 'pending' and next_attempt_at <= ${at}
    order by next_attempt_at limit ${oldestMax}
  ) oldest`;

/** Steps from endpoint to endpoint through the index, over however long a queue one of them has. */
const endpointsPending = (sql: Sql) => sql`
  (select endpoint_id from webhook_delivery where state = 'pending' order by endpoint_id limit 1)
  union all
  select (select d.endpoint_id from webhook_delivery d
          where d.state = 'pending' and d.endpoint_id > waiting.endpoint_id order by d.endpoint_id limit 1)
  from waiting where waiting.endpoint_id is not null`;

/**
 * Claims what is due: so many in all, so many of one endpoint, the longest due first. The limits of one keep the planner
 * from joining whole tables when its statistics are behind.
 */
export async function claimDue(sql: Sql, bounds: ClaimBounds): Promise<ClaimedDelivery[]> {
  const { at, leaseUntil, deliveriesMax, perEndpointMax, inFlight, everyEndpoint } = bounds;
  const rows = await sql<FlatClaim[]>`
    with recursive waiting as (
      ${everyEndpoint ? endpointsPending(sql) : endpointsOfOldest(sql, at)}
    ), due as materialized (
      select found.id
      from waiting
      left join unnest(${[...inFlight.keys()]}::bigint[], ${[...inFlight.values()]}::bigint[]) as busy(endpoint_id, sending)
        on busy.endpoint_id = waiting.endpoint_id
      cross join lateral (
        select d.id, d.next_attempt_at from webhook_delivery d
        where d.endpoint_id = waiting.endpoint_id and d.state = 'pending' and d.next_attempt_at <= ${at}
        order by d.next_attempt_at limit greatest(${perEndpointMax} - coalesce(busy.sending, 0), 0)
        for update skip locked
      ) found
      order by found.next_attempt_at, found.id limit ${deliveriesMax}
    ), claimed as (
      update webhook_delivery d set attempts = d.attempts + 1, next_attempt_at = ${leaseUntil}
      where d.id = any (array(select id from due))
      returning d.id, d.endpoint_id, d.event_id, d.attempts
    )
    select c.id, c.endpoint_id as "endpointId", w.account_id as "ownerId", a.environment, c.attempts, w.url, w.style,
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
  return rows.map(
    ({
      eventId,
      eventAt,
      eventType,
      accountId,
      accountPublicId,
      subjectKind,
      subjectId,
      payload,
      ...claim
    }) => ({
      ...claim,
      event: {
        id: eventId,
        at: eventAt,
        type: eventType,
        accountId,
        accountPublicId,
        subjectKind,
        subjectId,
        payload,
      },
    }),
  );
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
