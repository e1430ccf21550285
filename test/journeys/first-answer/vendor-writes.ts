import { document, newAddress } from './numex-writes.js';
import type { Caller } from './session.js';
import { textAt } from './session.js';

const losAngeles = 'abc-123';

/** Every write of the 2Chat dialect. */
export async function twochatWrites({ write, get }: Caller, numbers: readonly string[]): Promise<void> {
  const [first, second] = numbers;
  await write('POST /open/numbers/purchase', [], { number: first });
  await write('POST /open/numbers/purchase', [], { group_id: 'nowhere' });
  await write('POST /open/numbers/purchase', [], {});
  const body = { group_id: losAngeles, number: second };
  const held = textAt(
    await write('POST /open/numbers/reservations', [], body),
    'data.reservation_details.uuid',
  );
  await write('DELETE /open/numbers/reservations/:uuid', [held]);
  await write('POST /open/numbers/reservations', [], body);
  await write('POST /open/numbers/purchase', [], {});
  const owned = textAt(await get('/open/voip/virtual-numbers'), 'numbers.0.uuid');
  await write('DELETE /open/voip/virtual-numbers/:uuid', [owned]);
  // Any number will do, so this comes after all that name theirs.
  await write('POST /open/numbers/purchase', [], { group_id: losAngeles });
}

/** Every write of the Piopiy dialect. */
export async function piopiyWrites({ write }: Caller, number: string): Promise<void> {
  const id = textAt(await write('POST /v1/buy-phone-number', [], { number }), 'id');
  await write('POST /v1/buy-phone-number', [], { number });
  const agent = textAt(await write('POST /v1/ai-agents', [], { name: 'Desk' }), 'id');
  const connection = { phone_number: number, route_type: 'ai_agent', agent_id: agent };
  await write('POST /v1/phone-number-routing', [], connection);
  await write('DELETE /v1/ai-agents/:id', [agent]);
  await write('DELETE /v1/release-phone-number/:id', [id]);
}

/** Every write of the Staffify dialect; there is a verified address. */
export async function staffifyWrites({ write }: Caller, numbers: readonly string[]): Promise<void> {
  const [first, second] = numbers;
  const id = textAt(await write('POST /v1/phone-numbers', [], { phone_number: first }), 'id');
  await write('POST /v1/phone-numbers', [], { phone_number: second, country_code: 'ZZ' });
  await write('PATCH /v1/phone-numbers/:numberId', [id], { tags: ['one'] });
  const agent = textAt(await write('POST /v1/agents', [], { name: 'Desk' }), 'id');
  await write('PUT /v1/phone-numbers/:numberId/assign', [id], { agent_id: Number(agent) });
  await write('PATCH /v1/phone-numbers/:numberId', [id], { tags: ['two'] });
  await write('PATCH /v1/agents/:agentId', [agent], { name: 'Front' });
  await write('DELETE /v1/phone-numbers/:numberId/assign', [id]);
  await write('DELETE /v1/agents/:agentId', [agent]);
  await write('DELETE /v1/phone-numbers/:numberId', [id]);
  await write('POST /v1/phone-numbers/:numberId/reclaim', [id]);
  await write('DELETE /v1/phone-numbers/:numberId', [id]);
  const address = { ...newAddress, country_code: 'NL', city: 'Amsterdam' };
  const made = textAt(await write('POST /v1/addresses', [], address), 'address_id');
  await write('POST /v1/addresses/:addressId/documents', [made], document);
  await write('POST /v1/addresses/:addressId/submit', [made]);
  await write('POST /v1/addresses/:addressId/check-status', [made]);
  const url = 'https://example.com/staffify';
  await write('PATCH /v1/project/webhook', [], { url });
  const hook = textAt(await write('POST /v1/webhooks', [], { url: `${url}/more` }), 'id');
  await write('PATCH /v1/project/webhook', [], { url: `${url}/changed` });
  await write('DELETE /v1/webhooks/:webhookId', [hook]);
}
