import { spellUuid, spellWord } from '../../src/lib/ids.js';
import { absent, served, taken } from './attempt.js';
import type { Attempt, Rows } from './attempt.js';
import type { Household } from './household.js';

const each = ({ numbers }: Household, attempt: (number: string) => Attempt): Attempt[] =>
  Object.values(numbers).map(attempt);
const rentalsOf = (victim: Household): number[] => [victim.rental, victim.pendingRental, victim.subRental];

const losAngeles = 'abc-123';
const open = '/open';

export const twochatRows: Rows = {
  'GET /open/numbers/regions': () => [served(`${open}/numbers/regions?country=US`)],
  'GET /open/numbers/cities': () => [served(`${open}/numbers/cities?country=US&region_id=123`)],
  'GET /open/numbers/did-types': () => [served(`${open}/numbers/did-types`)],
  'GET /open/numbers/requirements': () => [served(`${open}/numbers/requirements?country=DE`)],
  'GET /open/numbers/groups': () => [served(`${open}/numbers/groups?country=US&region_id=123`)],
  'GET /open/numbers/available': () => [served(`${open}/numbers/available?group_id=${losAngeles}`)],
  'POST /open/numbers/reservations': (victim) =>
    each(victim, (number) => absent(`${open}/numbers/reservations`, { group_id: losAngeles, number })),
  'GET /open/numbers/reservations': () => [served(`${open}/numbers/reservations`)],
  'DELETE /open/numbers/reservations/:uuid': ({ reservation }) => [
    absent(`${open}/numbers/reservations/${spellUuid('reservation', reservation)}`),
  ],
  'POST /open/numbers/purchase': (victim) =>
    each(victim, (number) => absent(`${open}/numbers/purchase`, { number })),
  'GET /open/voip/virtual-numbers': () => [served(`${open}/voip/virtual-numbers`)],
  'DELETE /open/voip/virtual-numbers/:uuid': (victim) =>
    rentalsOf(victim).map((id) => absent(`${open}/voip/virtual-numbers/DID${spellUuid('rental', id)}`)),
  'GET /open/info': () => [served(`${open}/info`)],
};

const agentWord = (id: number): string => spellWord('agent_', id);
const numberWord = (number: string): string => spellWord('num_', Number(number.slice(1)));

export const piopiyRows: Rows = {
  'GET /v1/list-available-numbers': () => [served('/v1/list-available-numbers?country=US')],
  'POST /v1/buy-phone-number': (victim) =>
    each(victim, (number) => taken('/v1/buy-phone-number', { number })),
  'GET /v1/purchased-phone-numbers': () => [served('/v1/purchased-phone-numbers')],
  'DELETE /v1/release-phone-number/:id': (victim) =>
    each(victim, (number) => absent(`/v1/release-phone-number/${numberWord(number)}`)),
  'POST /v1/phone-number-routing': (victim, asker) => {
    const path = '/v1/phone-number-routing';
    const to = (agent: number) => ({ route_type: 'ai_agent', agent_id: agentWord(agent) });
    return [
      ...each(victim, (phone_number) => absent(path, { phone_number, ...to(asker.agent) })),
      ...each(victim, (phone_number) => absent(path, { phone_number, ...to(victim.agent) })),
      absent(path, { phone_number: asker.number, ...to(victim.agent) }),
    ];
  },
  'POST /v1/ai-agents': () => [served('/v1/ai-agents', { name: 'Mine' })],
  'GET /v1/ai-agents': () => [served('/v1/ai-agents')],
  'DELETE /v1/ai-agents/:id': ({ agent }) => [absent(`/v1/ai-agents/${agentWord(agent)}`)],
};

const eachRental = (victim: Household, rest: string, body?: unknown): Attempt[] =>
  rentalsOf(victim).map((id) => absent(`/v1/phone-numbers/${id}${rest}`, body));
const eachAddress = ({ draft, verified }: Household, rest: string, body?: unknown): Attempt[] =>
  [draft, verified].map((id) => absent(`/v1/addresses/${id}${rest}`, body));
const eachAgentId = ({ agent }: Household, body?: unknown): Attempt[] =>
  [String(agent), agentWord(agent)].map((id) => absent(`/v1/agents/${id}`, body));
const eachWebhook = ({ wireEndpoint, endpoint }: Household): Attempt[] =>
  [wireEndpoint, endpoint].map((id) => absent(`/v1/webhooks/${id}`));

const newAddress = {
  street_address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CN',
  country_code: 'NL',
  contact_name: 'Somebody',
  contact_email: 'somebody@example.com',
  contact_phone: '+31205550100',
};
const document = { document_type: 'government_id', filename: 'x.pdf', content_base64: 'JVBERi0xLjQK' };

export const staffifyRows: Rows = {
  'GET /v1/phone-numbers/search': () => [served('/v1/phone-numbers/search?country_code=US')],
  'GET /v1/phone-numbers/countries': () => [served('/v1/phone-numbers/countries')],
  'POST /v1/phone-numbers': (victim, asker) => [
    ...each(victim, (phone_number) => taken('/v1/phone-numbers', { phone_number, country_code: 'US' })),
    ...[victim.draft, victim.verified].map((address_id) =>
      absent('/v1/phone-numbers', { phone_number: asker.inStock, country_code: 'US', address_id }),
    ),
  ],
  'GET /v1/phone-numbers': () => [served('/v1/phone-numbers?limit=100')],
  'GET /v1/phone-numbers/:numberId': (victim) => eachRental(victim, ''),
  'PATCH /v1/phone-numbers/:numberId': (victim) => eachRental(victim, '', { tags: ['mine'] }),
  'PUT /v1/phone-numbers/:numberId/assign': (victim, asker) => [
    ...eachRental(victim, '/assign', { agent_id: asker.agent }),
    ...eachRental(victim, '/assign', { agent_id: victim.agent }),
    absent(`/v1/phone-numbers/${asker.rental}/assign`, { agent_id: victim.agent }),
  ],
  'DELETE /v1/phone-numbers/:numberId/assign': (victim) => eachRental(victim, '/assign'),
  'DELETE /v1/phone-numbers/:numberId': (victim) => eachRental(victim, ''),
  'POST /v1/phone-numbers/:numberId/reclaim': (victim) => eachRental(victim, '/reclaim'),
  'POST /v1/agents': () => [served('/v1/agents', { name: 'Mine' }, 201)],
  'GET /v1/agents': () => [served('/v1/agents?limit=100')],
  'GET /v1/agents/:agentId': (victim) => eachAgentId(victim),
  'PATCH /v1/agents/:agentId': (victim) => eachAgentId(victim, { name: 'Mine' }),
  'DELETE /v1/agents/:agentId': (victim) => eachAgentId(victim),
  'GET /v1/addresses/requirements': () => [served('/v1/addresses/requirements?country=NL')],
  'POST /v1/addresses': () => [served('/v1/addresses', newAddress, 201)],
  'GET /v1/addresses': () => [served('/v1/addresses?limit=100')],
  'GET /v1/addresses/:addressId': (victim) => eachAddress(victim, ''),
  'POST /v1/addresses/:addressId/submit': (victim) => eachAddress(victim, '/submit'),
  'POST /v1/addresses/:addressId/check-status': (victim) => eachAddress(victim, '/check-status'),
  'POST /v1/addresses/:addressId/documents': (victim) => eachAddress(victim, '/documents', document),
  'GET /v1/credits': () => [served('/v1/credits')],
  'POST /v1/webhooks': () => [served('/v1/webhooks', { url: 'https://example.com/mine' }, 201)],
  'GET /v1/webhooks': () => [served('/v1/webhooks')],
  'GET /v1/webhooks/:webhookId': (victim) => eachWebhook(victim),
  'DELETE /v1/webhooks/:webhookId': (victim) => eachWebhook(victim),
  'PATCH /v1/project/webhook': () => [served('/v1/project/webhook', { url: 'https://example.com/mine' })],
};
