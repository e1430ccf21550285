import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import document from '../../../docs/api/openapi.json' with { type: 'json' };
import { expectOrderlyBooks } from '../../support/due.js';
import { at } from '../../support/request.js';
import { bodyOf } from './client.js';
import type { Headers, OwnApi } from './client.js';
import { Exchange } from './exchange.js';
import { oddBody, oddHeader, oddText, oddTime, oddValue } from './hostile-values.js';

/** How long each route is tried, and how often at least and at most; 20 seconds for all of them. */
const millisecondsPerRoute = 130;
/** Of how many routes at least what lies behind the checks is reached, however slow the machine. */
const servedRoutesMin = 50;
const runsPerRouteMin = 5;
const runsPerRouteMax = 200;
/** A run is repeated with the seed that its title tells. */
const seed = Number(process.env['NUMEX_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
}

const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, spec]) => {
    const { parameters = [], requestBody } = spec as {
      parameters?: (Parameter | { readonly $ref: string })[];
      requestBody?: { content: Record<string, { schema: Schema }> };
    };
    const body = requestBody?.content['application/json']?.schema;
    return {
      method: method.toUpperCase(),
      path: path.replace('/numex/v1', ''),
      parameters: parameters.map((one) => resolved(one) as Parameter),
      body: body && (resolved(body) as Schema),
    };
  }),
);

/** A part of the document with what its references name in their place. */
function resolved(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(resolved);
  if (typeof part !== 'object' || part === null) return part;
  const reference = (part as { readonly $ref?: unknown }).$ref;
  if (typeof reference !== 'string') {
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value)]));
  }
  const path = reference.replace('#/', '').split('/');
  return resolved(path.reduce<unknown>((from, key) => (from as Record<string, unknown>)[key], document));
}

/** What takes things away comes last, so that the rest still has them. */
const inOrder = [...operations.filter((operation) => !takesAway(operation)), ...operations.filter(takesAway)];

function takesAway({ method, path }: Operation): boolean {
  return method === 'DELETE' || path.endsWith('/block');
}

const served = new Set<string>();
let exchange: Exchange;
/** Who asks: a tenant, the operator, the operator for a tenant, and a tenant of the test environment. */
let callers: readonly OwnApi[];
/** Sound values by the name of the field or parameter; they are the tenant's own, and may be lost. */
let known: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  exchange = await Exchange.open();
  const tenant = await exchange.tenant({ balances: { USD: 10_000_000 } });
  const tester = await exchange.tenant({ environment: 'test' });
  const prey = await exchange.sub(tenant);
  const { number, rental } = await exchange.rent(tenant);
  const made = async (path: string, body: unknown, api = tenant.api) =>
    bodyOf(await api.post(path, body), 201)['id'];
  const endpoint = await made('/webhook-endpoints', { url: 'https://example.com/' });
  const clock = await made('/test-clocks', { name: 'Clock' }, tester.api);
  const held = await exchange.stock();
  const delivery = at(
    bodyOf(await tenant.api.post(`/webhook-endpoints/${String(endpoint)}/test`), 202),
    'id',
  );
  callers = [tenant.api, tenant.api, exchange.admin, exchange.admin.actingFor(prey.id), tester.api];
  const agent = await made('/agents', { name: 'Agent' });
  const trunk = await made('/trunks', { name: 'Trunk', domain: 'x.example' });
  const application = await made('/applications', { name: 'App' });
  const address = await made('/addresses', newAddress);
  known = {
    ...newAddress,
    ...{ number, rental, agent, trunk, application, address, endpoint, delivery, clock },
    ...{ agent_id: agent, trunk_id: trunk, application_id: application, address_id: address },
    account: prey.id,
    reservation: await made('/reservations', { number: held }),
    order: await made('/orders', { lines: [{ number: await exchange.stock() }] }),
    key: await made('/account/keys', { scope: 'read' }),
    group: 'abc-123',
    group_id: 'abc-123',
    currency: 'USD',
    country: 'US',
    city_id: 456,
    region_id: 123,
    name: 'cool_off_seconds',
    domain: 'x.example',
    url: 'https://example.com/x',
    filename: 'x.pdf',
    content_base64: 'JVBERi0xLjQK',
    email: 'x@example.com',
    filters: ['number.*'],
    direction: 'inbound',
    call_id: 'call',
    answer_url: 'https://example.com/answer',
    hangup_url: 'https://example.com/hangup',
    fallback_url: 'https://example.com/fallback',
    message_url: 'https://example.com/message',
    to: '2026-03-05T09:30:00Z',
    at: '2026-03-04T09:30:00Z',
    starts_with: '213',
    contains: '555',
    ends_with: '1',
    pattern: '*555*',
  };
});

const newAddress = {
  street_address: 'Unter den Linden 1',
  city: 'Berlin',
  postal_code: '10117',
  country: 'DE',
  contact_name: 'Erika',
  contact_email: 'erika@example.com',
  contact_phone: '+493012345678',
};

afterAll(async () => {
  // Whatever was asked, what was done is in order.
  await expectOrderlyBooks(exchange.server);
  await exchange.close();
});

/** A value as the schema would have it. */
function sound(name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => sound(name, one)));
  switch (schema.type) {
    case 'object':
      return bodyOfSchema(schema);
    case 'array':
      return name in known && name !== 'lines'
        ? fc.constant(known[name])
        : fc.array(mixed(name, schema.items ?? {}), { minLength: 1, maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return name in known
        ? fc.constant(known[name])
        : fc.integer({ min: schema.minimum ?? -10, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) });
    case 'null':
      return fc.constant(null);
    default:
      return schema.format === 'date-time'
        ? fc.constantFrom('2026-03-04T09:30:00Z', '2027-01-01T00:00:00+05:30')
        : fc.constant(known[name] ?? 'text');
  }
}

/** Something odd instead of `sound`, once in so many times: what lies behind the first check is looked at as well. */
function seldomOdd<T, U>(times: number, sound: fc.Arbitrary<T>, odd: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: times - 1, arbitrary: sound }, { weight: 1, arbitrary: odd });
}

function mixed(name: string, schema: Schema): fc.Arbitrary<unknown> {
  return seldomOdd(8, sound(name, schema), schema.format === 'date-time' ? oddTime : oddValue);
}

function bodyOfSchema({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, mixed(name, schema)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

interface Request {
  readonly caller: number;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;
}

function requestOf({ path, parameters, body }: Operation): fc.Arbitrary<Request> {
  const textOf = ({ name, schema }: Parameter): fc.Arbitrary<string> =>
    seldomOdd(6, sound(name, schema).map(plain), schema.format === 'date-time' ? oddTime : oddText);
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  // No cursor is sound but the one of a page before; see the odd ones.
  const inQuery = parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'cursor');
  const tails = [
    'limit=1&limit=2',
    'colour=red',
    '__proto__=1',
    '%zz',
    '[]=%ff',
    'cursor=~',
    'cursor=1~abcdefgh',
  ];
  return fc.record({
    caller: fc.nat({ max: callers.length - 1 }),
    path: fc
      .tuple(
        fc.tuple(...inPath.map(textOf)),
        fc.tuple(...inQuery.map((parameter) => optional(parameter, textOf(parameter)))),
        seldomOdd(8, fc.constant(''), fc.constantFrom(...tails)),
      )
      .map(([values, query, tail]) => {
        const filled = inPath.reduce(
          (text, { name }, index) => text.replace(`{${name}}`, inUrl(values[index] ?? '')),
          path,
        );
        const asked = query.flatMap((value, index) =>
          value === undefined ? [] : [`${inQuery[index]?.name ?? ''}=${inUrl(value)}`],
        );
        return `${filled}?${[...asked, tail].join('&')}`;
      }),
    body: body
      ? seldomOdd(
          8,
          bodyOfSchema(body),
          fc.oneof(
            oddBody,
            oddValue.map((value) => JSON.stringify(value)),
          ),
        )
      : seldomOdd(8, fc.constant(undefined), oddBody),
    headers: seldomOdd(
      16,
      fc.constant({}),
      fc.record({ 'idempotency-key': oddHeader, 'x-account': oddHeader }, { requiredKeys: [] }),
    ),
  });
}

function optional<T>({ required }: Parameter, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return required === true
    ? seldomOdd(8, value, fc.constant(undefined))
    : fc.option(value, { nil: undefined });
}

function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Longer addresses are refused by the server before any route is asked.
  return text.slice(0, 3_000);
}

/** As it may stand in an address; a half of a pair of code units cannot. */
function inUrl(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?'));
}

describe(`whatever is sent (seed ${seed})`, () => {
  it.each(inOrder.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'is no fault in %s',
    async (_title, operation) => {
      const until = Date.now() + millisecondsPerRoute;
      let runs = 0;
      let failed = false;
      const isOver = (): boolean => !failed && runs >= runsPerRouteMin && Date.now() > until;
      await fc.assert(
        fc.asyncProperty(requestOf(operation), async ({ caller, path, body, headers }) => {
          if (isOver()) return;
          runs++;
          const sent = operation.method === 'GET' ? undefined : body;
          const answer = await callers[caller]?.call(operation.method, path, sent, headers);
          if (!answer) throw new Error('nobody asks');
          if (answer.status < 300) served.add(`${operation.method} ${operation.path}`);
          // What is found after that is made small before it is told.
          failed ||= answer.status >= 500;
          expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
          if (answer.status >= 400) expect(at(answer.body, 'code')).toEqual(expect.any(String));
        }),
        { seed, numRuns: runsPerRouteMax },
      );
    },
  );

  it.each([
    ['deep', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['wide', `[${'0,'.repeat(200_000)}0]`],
  ])('is no fault however %s a body is that no route asked for, with a key too', async (shape, body) => {
    const unasked = operations.filter((operation) => operation.method !== 'GET' && !operation.body);
    const faults: unknown[] = [];
    for (const [index, { method, path }] of unasked.entries()) {
      const named = path.replaceAll(/\{\w+\}/g, 'nobody');
      const answer = await callers[0]?.call(method, named, body, { 'idempotency-key': `${shape}-${index}` });
      if (!answer || answer.status >= 500) faults.push([method, path, answer?.body]);
    }
    expect(unasked.length).toBeGreaterThan(10);
    expect(faults).toEqual([]);
  });

  it('gets behind the first check of most routes', () => {
    expect(served.size).toBeGreaterThan(servedRoutesMin);
  });
});
