import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { backdate, idOf, rentNew } from '../../support/calls.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

const [number, silent, foreign] = ['+12135571001', '+12135571002', '+12135571003'];

let server: TestServer;
let tenant: TestTenant;
let stranger: TestTenant;
let admin: string;
let rental: string;

const get = (path: string, key = tenant.apiKey): Promise<Answer> =>
  ask(server.url, key, 'GET', `/numex/v1${path}`);
const post = (body: unknown, key = admin): Promise<Answer> =>
  ask(server.url, key, 'POST', '/numex/v1/calls', body);

const call = (line: Record<string, unknown>) => ({
  direction: 'inbound',
  from: '+4915112345678',
  to: number,
  answered_at: null,
  ...line,
});

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant();
  stranger = await server.createTenant();
  admin = await server.createAdminKey();
  rental = await rentNew(server, tenant, number);
  await rentNew(server, tenant, silent);
  await rentNew(server, stranger, foreign);
  for (const each of [number, silent, foreign]) await backdate(server, idOf(each), '2026-02-01T00:00:00Z');
  const answer = await post({
    calls: [
      call({
        call_id: 'pbx/1',
        started_at: '2026-03-03T23:59:00Z',
        answered_at: '2026-03-03T23:59:05Z',
        ended_at: '2026-03-04T00:01:00Z',
        hangup_cause: 'NORMAL_CLEARING',
      }),
      call({ call_id: 'pbx/2', started_at: '2026-03-04T08:00:00Z', ended_at: '2026-03-04T08:00:20Z' }),
      call({ call_id: 'pbx/3', started_at: '2026-03-04T09:00:00+00:00', ended_at: '2026-03-04T09:01:00Z' }),
      call({ call_id: 'pbx/4', started_at: 'lately' }),
    ],
  });
  expect(answer.status).toBe(200);
  expect(at(answer.body, 'results')).toEqual([
    { call_id: 'pbx/1', outcome: 'recorded' },
    { call_id: 'pbx/2', outcome: 'recorded' },
    { call_id: 'pbx/3', outcome: 'recorded' },
    {
      call_id: 'pbx/4',
      outcome: 'refused',
      reason: 'has a started_at that is not a time with its offset, such as 2026-03-04T09:30:00Z',
    },
  ]);
});

afterAll(() => server.close());

describe('recording calls', () => {
  it('is for admin keys', async () => {
    const body = { calls: [call({ call_id: 'x', started_at: '2026-03-04T08:00:00Z' })] };
    expect((await post(body, tenant.apiKey)).status).toBe(403);
    expect((await post({ calls: [] })).status).toBe(400);
    expect((await post({ ...body, environment: 'staging' })).status).toBe(400);
    const many = Array.from({ length: 1001 }, (_, n) => call({ call_id: `many-${n}` }));
    expect((await post({ calls: many })).status).toBe(400);
  });

  it('tells per line what became of it, also of a field that nobody knows', async () => {
    const known = call({
      call_id: 'pbx/2',
      started_at: '2026-03-04T08:00:00Z',
      ended_at: '2026-03-04T08:00:20Z',
    });
    const answer = await post({
      environment: 'live',
      calls: [known, { ...known, ended_at: '2026-03-04T08:00:30Z' }, { ...known, note: 'hello' }],
    });
    expect(at(answer.body, 'results')).toEqual([
      { call_id: 'pbx/2', outcome: 'repeated' },
      {
        call_id: 'pbx/2',
        outcome: 'refused',
        reason: 'contradicts what is known of the call: ended_at differs',
      },
      { call_id: 'pbx/2', outcome: 'refused', reason: 'has the unknown field "note"' },
    ]);
  });
});

describe('an account', () => {
  it('reads its calls page by page, newest first, and no filter changes on the way', async () => {
    const first = await get('/calls?limit=2&with_summary=true');
    expect(first.status).toBe(200);
    expect(at(first.body, 'data.0')).toEqual({
      id: 'pbx/3',
      direction: 'inbound',
      from: '+4915112345678',
      to: number,
      number,
      number_id: expect.stringMatching(/^num_/) as string,
      account_id: tenant.account.publicId,
      started_at: '2026-03-04T09:00:00.000Z',
      answered_at: null,
      ended_at: '2026-03-04T09:01:00.000Z',
      duration_seconds: 60,
      billable_seconds: 0,
      hangup_cause: null,
      sip_call_id: null,
      context: null,
    });
    expect(at(first.body, 'data.1.id')).toBe('pbx/2');
    expect(at(first.body, 'summary')).toEqual({
      calls: 3,
      answered: 1,
      duration_seconds: 200,
      billable_seconds: 115,
      last_call_at: '2026-03-04T09:00:00.000Z',
      is_exact: true,
    });
    const cursor = encodeURIComponent(String(at(first.body, 'next_cursor')));
    const second = await get(`/calls?limit=2&cursor=${cursor}`);
    expect(second.body).toEqual({
      data: [expect.objectContaining({ id: 'pbx/1' })],
      next_cursor: null,
    });
    const changed = await get(`/calls?limit=2&direction=outbound&cursor=${cursor}`);
    expect(changed).toMatchObject({ status: 400, body: { code: 'invalid_input', field: 'cursor' } });
    const forged = cursor.replace(/^[^.]+/, 'zzzzzzzzzz');
    expect((await get(`/calls?cursor=${forged}`)).status).toBe(400);
    const backwards = cursor.replace(/^/, '-');
    expect((await get(`/calls?cursor=${backwards}`)).status).toBe(400);
  });

  it('narrows them', async () => {
    const ids = async (query: string): Promise<unknown> => {
      const answer = await get(`/calls?${query}`);
      expect(answer.status).toBe(200);
      return (at(answer.body, 'data') as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('started_from=2026-03-04T00:00:00Z')).toEqual(['pbx/3', 'pbx/2']);
    expect(await ids('started_until=2026-03-04T08:00:00Z')).toEqual(['pbx/1']);
    expect(await ids('min_duration=60')).toEqual(['pbx/3', 'pbx/1']);
    expect(await ids('from=%2B4915112345678&direction=inbound')).toHaveLength(3);
    expect(await ids('to=12135571002')).toEqual([]);
    expect(await ids(`number=${encodeURIComponent(silent)}`)).toEqual([]);
    expect(await get('/calls?from=nobody')).toMatchObject({ status: 400, body: { field: 'from' } });
    expect((await get('/calls?started_from=yesterday')).status).toBe(400);
    expect((await get('/calls?colour=red')).status).toBe(400);
    for (const time of ['0000-01-01T00:00:00Z', '2026-06-30T23:59:60Z', '9999-12-31T23:59:59-23:59']) {
      expect(await get(`/calls?started_from=${time}`)).toMatchObject({ status: 400 });
    }
  });

  it('reads one call, and never another account’s', async () => {
    const path = `/calls/${encodeURIComponent('pbx/1')}`;
    expect(await get(path)).toMatchObject({ status: 200, body: { id: 'pbx/1', billable_seconds: 115 } });
    expect(await get(path, stranger.apiKey)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(at((await get('/calls', stranger.apiKey)).body, 'data')).toEqual([]);
    expect((await get('/calls/none')).status).toBe(404);
    expect((await get(`/calls/${encodeURIComponent('a\u0000')}`)).status).toBe(400);
  });

  it('sees the last call of its rentals', async () => {
    const one = await get(`/rentals/${rental}`);
    expect(at(one.body, 'last_call_at')).toBe('2026-03-04T09:00:00.000Z');
    const listed = at((await get('/rentals')).body, 'data') as { number: string; last_call_at: unknown }[];
    expect(listed.map((row) => [row.number, row.last_call_at])).toEqual([
      [number, '2026-03-04T09:00:00.000Z'],
      [silent, null],
    ]);
  });

  it('reads the health of a number by day or hour', async () => {
    const daily = await get(`/rentals/${rental}/health`);
    expect(daily.status).toBe(200);
    expect(daily.body).toMatchObject({
      rental_id: rental,
      number,
      granularity: 'daily',
      summary: { period_days: 30, total_calls: 3, answered_calls: 1, answer_rate: 0.3333 },
      snapshots: [
        {
          starts_at: '2026-03-03T00:00:00.000Z',
          total_calls: 1,
          failed_calls: 0,
          total_duration_seconds: 120,
        },
        {
          starts_at: '2026-03-04T00:00:00.000Z',
          total_calls: 2,
          failed_calls: 2,
          total_duration_seconds: 80,
        },
      ],
    });
    const hourly = await get(`/rentals/${rental}/health?granularity=hourly&days=1`);
    expect(at(hourly.body, 'snapshots.0.starts_at')).toBe('2026-03-04T08:00:00.000Z');
    expect(at(hourly.body, 'summary.period_days')).toBe(1);
    expect((await get(`/rentals/${rental}/health`, stranger.apiKey)).status).toBe(404);
    expect((await get(`/rentals/${rental}/health?days=367`)).status).toBe(400);
  });
});
