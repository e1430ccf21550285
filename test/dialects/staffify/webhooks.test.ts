import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Post } from '../../../src/core/webhooks/index.js';
import { staffifyStyle } from '../../../src/dialects/staffify/webhooks/style.js';
import { at } from '../../support/request.js';
import { deliveryJob, fanOut, systemContext } from '../../support/webhook-exchange.js';
import { expectError } from './contract.js';
import { Office } from './office.js';
import type { Tenant } from './office.js';

type Message = Parameters<Post>[0];

let office: Office;
let tenant: Tenant;

beforeAll(async () => {
  office = await Office.open();
  tenant = await office.tenant();
});
afterAll(() => office.close());

const url = 'https://hooks.example.com/staffify';

/** What would be posted now: everything that is due, to a receiver that accepts it. */
async function posted(): Promise<Message[]> {
  const messages: Message[] = [];
  const post: Post = (message) => {
    messages.push(message);
    return Promise.resolve({ kind: 'answered', status: 200 });
  };
  await fanOut(office.server);
  await deliveryJob({ styles: new Map([[staffifyStyle.name, staffifyStyle]]), post }).run(
    systemContext(office.server),
  );
  return messages;
}

describe('a webhook', () => {
  it('gets address events in the vendor’s envelope, signed as its page says (contract 5.6)', async () => {
    const made = await tenant.client.post('/webhooks', { url, events: ['*'] });
    expect(made.status).toBe(201);
    const secret = String(at(made.body, 'secret'));
    const addressId = await office.address(tenant, 'verified');
    const messages = await posted();
    expect(messages.map(({ url: to }) => to)).toEqual([url, url]);
    const bodies = messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.map((body) => body['event'])).toEqual([
      'address.verification.pending',
      'address.verification.verified',
    ]);
    expect(bodies[1]).toEqual({
      id: expect.stringMatching(/^whe_/) as string,
      event: 'address.verification.verified',
      timestamp: office.instant(),
      api_version: '2026-05-20',
      org_id: tenant.account.id,
      project_id: 1,
      agent_id: null,
      data: { address_id: addressId, status: 'verified', country_code: 'NL' },
    });
    for (const { headers, body } of messages) {
      const timestamp = String(Math.floor(office.server.clock.now().getTime() / 1000));
      const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      expect(headers).toMatchObject({
        'x-staffify-timestamp': timestamp,
        'x-staffify-signature': `sha256=${hmac}`,
      });
    }
  });

  it('gets nothing but what it asked for', async () => {
    const picky = await office.tenant();
    await picky.client.post('/webhooks', { url, events: ['address.verification.rejected'] });
    await office.address(picky, 'verified');
    expect(await posted()).toEqual([]);
    await office.address(picky, 'rejected');
    expect((await posted()).map(({ body }) => at(JSON.parse(body), 'event'))).toEqual([
      'address.verification.rejected',
    ]);
  });

  it('is listed without its secret, found, deleted, and no other account’s', async () => {
    const [owner, stranger] = [await office.tenant(), await office.tenant()];
    const id = String(at((await owner.client.post('/webhooks', { url })).body, 'id'));
    const listed = at((await owner.client.get('/webhooks')).body, 'webhooks');
    expect(listed).toEqual([{ id: Number(id), url, events: ['*'], created_at: office.instant() }]);
    expectError(await stranger.client.get(`/webhooks/${id}`), 'NOT_FOUND');
    expectError(await stranger.client.delete(`/webhooks/${id}`), 'NOT_FOUND');
    expect((await owner.client.delete(`/webhooks/${id}`)).status).toBe(204);
    expectError(await owner.client.get(`/webhooks/${id}`), 'NOT_FOUND');
  });

  it('of the project is made once and changed from then on', async () => {
    const owner = await office.tenant();
    const first = await owner.client.patch('/project/webhook', { url });
    const second = await owner.client.patch('/project/webhook', { url: `${url}/2` });
    expect([at(second.body, 'id'), at(second.body, 'url')]).toEqual([at(first.body, 'id'), `${url}/2`]);
    expect(at((await owner.client.get('/webhooks')).body, 'webhooks.length')).toBe(1);
  });

  it.each([
    [{ events: ['*'] }, 'url'],
    [{ url: 'http://127.0.0.1/hook' }, 'url'],
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url, events: ['number.rented'] }, 'events'],
    [{ url, events: [] }, 'events'],
    [{ url, events: '*' }, 'events'],
  ])('is not made of %j', async (body, field) => {
    expectError(await tenant.client.post('/webhooks', body), 'VALIDATION_ERROR', field);
  });
});
