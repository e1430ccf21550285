import { afterAll, beforeAll, expect, it } from 'vitest';
import { bodyOf, expectProblem } from './client.js';
import { Exchange } from './exchange.js';
import type { Tenant } from './exchange.js';

let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  owner = await exchange.tenant();
});

afterAll(() => exchange.close());

/** Positions that no list gives, in the spelling of cursors. */
const positions = [-1, -2_147_483_649, Number.MAX_SAFE_INTEGER, 2_147_483_648].map((id) => id.toString(36));

async function craftedFrom(path: string): Promise<string[]> {
  const cursor = String(bodyOf(await owner.api.get(`${path}limit=1`))['next_cursor']);
  const print = cursor.slice(cursor.indexOf('~'));
  return [...positions, '-1.-1', '0.0.0.0'].map((position) => encodeURIComponent(position + print));
}

it('a crafted cursor of groups is refused by its name, or gives a page', async () => {
  const path = '/groups?country=US&';
  for (const cursor of await craftedFrom(path)) {
    const answer = await owner.api.get(`${path}cursor=${cursor}`);
    if (answer.status === 200) continue;
    expectProblem(answer, 400, 'invalid_input');
    expect(JSON.stringify(answer.body)).toContain('cursor');
  }
});

it('a crafted cursor of trunks is refused by its name, or gives a page', async () => {
  for (const name of ['One', 'Two']) await owner.api.post('/trunks', { name, domain: 'sip.example.com' });
  for (const cursor of await craftedFrom('/trunks?')) {
    const answer = await owner.api.get(`/trunks?cursor=${cursor}`);
    if (answer.status === 200) continue;
    expectProblem(answer, 400, 'invalid_input');
    expect(JSON.stringify(answer.body)).toContain('cursor');
  }
});
