import { spellWord } from '../../src/lib/ids.js';
import { absent, bySubs, operators, served, taken } from './attempt.js';
import type { Attempt, Rows } from './attempt.js';
import type { Asker, Household } from './household.js';

const base = '/numex/v1';
const ren = (id: number): string => spellWord('ren_', id);
const agentId = (id: number): string => spellWord('agent_', id);
const trunkId = (id: number): string => spellWord('trunk_', id);
const appId = (id: number): string => spellWord('app_', id);
const endpointId = (id: number): string => spellWord('whe_', id);
const clockId = (id = 1): string => spellWord('clock_', id);

/** Each of the victim's rentals. */
function eachRental(victim: Household, attempt: (path: string) => Attempt): Attempt[] {
  return [victim.rental, victim.pendingRental, victim.subRental].map((id) =>
    attempt(`${base}/rentals/${ren(id)}`),
  );
}

function eachNumber({ numbers }: Household, attempt: (number: string) => Attempt): Attempt[] {
  return Object.values(numbers).map(attempt);
}

function onAddress(victim: Household, rest: string, body?: unknown): Attempt[] {
  return [victim.draft, victim.verified].map((id) =>
    absent(`${base}/addresses/${spellWord('addr_', id)}${rest}`, body),
  );
}

const onEndpoint = (victim: Household, rest: string, body?: unknown): Attempt[] => [
  absent(`${base}/webhook-endpoints/${endpointId(victim.endpoint)}${rest}`, body),
  absent(`${base}/webhook-endpoints/${endpointId(victim.wireEndpoint)}${rest}`, body),
];

/** The accounts of the victim, in a path. */
function eachAccount(victim: Household, attempt: (path: string) => Attempt): Attempt[] {
  return [victim.tenant, victim.sub].map(({ account }) => attempt(`${base}/accounts/${account.publicId}`));
}

const newAddress = {
  street_address: 'Unter den Linden 1',
  city: 'Berlin',
  postal_code: '10117',
  country: 'DE',
  contact_name: 'Somebody',
  contact_email: 'somebody@example.com',
  contact_phone: '+493012345678',
};
const document = { document_type: 'government_id', filename: 'x.pdf', content_base64: 'JVBERi0xLjQK' };

function handOvers({ sub, numbers }: Household, asker: Asker): Attempt[] {
  const ofVictim = `${base}/sub-accounts/${sub.account.publicId}/numbers`;
  const ofAsker = `${base}/sub-accounts/${asker.subAccount}/numbers`;
  return [
    ...Object.values(numbers).flatMap((number) => [
      absent(`${ofVictim}/${number}`),
      absent(`${ofAsker}/${number}`),
    ]),
    absent(`${ofVictim}/${asker.number}`),
  ].map((attempt) => bySubs(403, attempt));
}

const catalogue: Rows = {
  'GET /numex/v1/countries': () => [served(`${base}/countries`)],
  'GET /numex/v1/regions': () => [served(`${base}/regions?country=US`)],
  'GET /numex/v1/cities': () => [served(`${base}/cities?country=US`)],
  'GET /numex/v1/requirements': () => [served(`${base}/requirements?country=DE`)],
  'GET /numex/v1/groups': () => [served(`${base}/groups?country=US&currency=USD`)],
  'GET /numex/v1/groups/:group': () => [served(`${base}/groups/abc-123?currency=USD`)],
  'GET /numex/v1/numbers': () => [served(`${base}/numbers?country=US&limit=100`)],
  'GET /numex/v1/numbers/:number/purchase-check': (victim, asker) => [
    ...eachNumber(victim, (number) => ({
      ...served(`${base}/numbers/${number}/purchase-check`),
      by: { otherEnvironment: 404 },
    })),
    // The address is an obstacle to the purchase in the words for one that never was.
    ...[victim.draft, victim.verified].map((id) =>
      served(`${base}/numbers/${asker.inStock}/purchase-check?address_id=${spellWord('addr_', id)}`),
    ),
  ],
};

const buying: Rows = {
  'POST /numex/v1/reservations': (victim) =>
    eachNumber(victim, (number) => taken(`${base}/reservations`, { number })),
  'GET /numex/v1/reservations': () => [served(`${base}/reservations`)],
  'GET /numex/v1/reservations/:reservation': ({ reservation }) => [
    absent(`${base}/reservations/${spellWord('res_', reservation)}`),
  ],
  'POST /numex/v1/reservations/:reservation/extend': ({ reservation }) => [
    absent(`${base}/reservations/${spellWord('res_', reservation)}/extend`),
  ],
  'DELETE /numex/v1/reservations/:reservation': ({ reservation }) => [
    absent(`${base}/reservations/${spellWord('res_', reservation)}`),
  ],
  'POST /numex/v1/orders': (victim, asker) => [
    ...eachNumber(victim, (number) => taken(`${base}/orders`, { lines: [{ number }] })),
    absent(`${base}/orders`, { lines: [{ reservation_id: spellWord('res_', victim.reservation) }] }),
    ...[victim.draft, victim.verified].map((id) =>
      absent(`${base}/orders`, {
        lines: [{ number: asker.inStock }],
        address_id: spellWord('addr_', id),
      }),
    ),
  ],
  'GET /numex/v1/orders/:order': ({ order }) => [absent(`${base}/orders/${spellWord('ord_', order)}`)],
};

const renting: Rows = {
  'GET /numex/v1/rentals': () => [served(`${base}/rentals`)],
  'GET /numex/v1/rentals/:rental': (victim) => eachRental(victim, absent),
  'PATCH /numex/v1/rentals/:rental': (victim) =>
    eachRental(victim, (path) => absent(path, { label: 'mine', tags: ['mine'] })),
  'DELETE /numex/v1/rentals/:rental': (victim) => [
    ...eachRental(victim, absent),
    ...eachRental(victim, (path) => absent(`${path}?leaves=now`)),
  ],
  'POST /numex/v1/rentals/:rental/reclaim': (victim) =>
    eachRental(victim, (path) => absent(`${path}/reclaim`)),
  'GET /numex/v1/owed': () => [served(`${base}/owed?days=366`)],
  'PUT /numex/v1/rentals/:rental/assignment': (victim, asker) => {
    const own = `${base}/rentals/${ren(asker.rental)}/assignment`;
    return [
      ...eachRental(victim, (path) => absent(`${path}/assignment`, { agent_id: agentId(asker.agent) })),
      ...eachRental(victim, (path) => absent(`${path}/assignment`, { agent_id: agentId(victim.agent) })),
      absent(own, { agent_id: agentId(victim.agent) }),
      absent(own, { trunk_id: trunkId(victim.trunk) }),
      absent(own, { application_id: appId(victim.application) }),
    ];
  },
  'GET /numex/v1/rentals/:rental/assignment': (victim) =>
    eachRental(victim, (path) => absent(`${path}/assignment`)),
  'DELETE /numex/v1/rentals/:rental/assignment': (victim) =>
    eachRental(victim, (path) => absent(`${path}/assignment?kind=trunk`)),
  'GET /numex/v1/rentals/:rental/health': (victim) => eachRental(victim, (path) => absent(`${path}/health`)),
  'POST /numex/v1/calls': (victim) => [
    operators(`${base}/calls`, {
      calls: [
        {
          call_id: victim.call,
          direction: 'inbound',
          to: victim.numbers.rented,
          started_at: '2026-03-04T08:00:00Z',
        },
      ],
    }),
  ],
  'GET /numex/v1/calls': (victim) => [
    served(`${base}/calls?with_sub_accounts=true&with_summary=true`),
    ...eachNumber(victim, (number) => served(`${base}/calls?number=${encodeURIComponent(number)}`)),
  ],
  'GET /numex/v1/calls/:call': ({ call }) => [absent(`${base}/calls/${call}`)],
};

/** A kind of thing that numbers point at: made, listed, seen, changed and deleted by its owner alone. */
function targetRows(
  plural: string,
  parameter: string,
  idOf: (victim: Household) => string,
  body: Readonly<Record<string, unknown>>,
): Rows {
  const list = `${base}/${plural}`;
  const one = (victim: Household): string => `${list}/${idOf(victim)}`;
  return {
    [`POST ${list}`]: () => [served(list, body, 201)],
    [`GET ${list}`]: () => [served(list)],
    [`GET ${list}/:${parameter}`]: (victim) => [absent(one(victim))],
    [`PATCH ${list}/:${parameter}`]: (victim) => [absent(one(victim), { name: 'Mine' })],
    [`DELETE ${list}/:${parameter}`]: (victim) => [absent(one(victim))],
  };
}

const addresses: Rows = {
  'POST /numex/v1/addresses': () => [served(`${base}/addresses`, newAddress, 201)],
  'GET /numex/v1/addresses': () => [served(`${base}/addresses`)],
  'GET /numex/v1/addresses/:address': (victim) => onAddress(victim, ''),
  'POST /numex/v1/addresses/:address/submit': (victim) => onAddress(victim, '/submit'),
  'POST /numex/v1/addresses/:address/check': (victim) => onAddress(victim, '/check'),
  'GET /numex/v1/addresses/:address/documents': (victim) => onAddress(victim, '/documents'),
  'POST /numex/v1/addresses/:address/documents': (victim) => onAddress(victim, '/documents', document),
  'GET /numex/v1/addresses/:address/documents/:document': (victim) =>
    onAddress(victim, `/documents/${spellWord('doc_', victim.document)}`),
  'GET /numex/v1/address-reviews': () => [operators(`${base}/address-reviews`)],
  'POST /numex/v1/addresses/:address/decision': (victim) =>
    onAddress(victim, '/decision', { decision: 'approve' }).map((attempt) => ({ ...attempt, status: 403 })),
};

const webhooks: Rows = {
  'POST /numex/v1/webhook-endpoints': () => [
    served(`${base}/webhook-endpoints`, { url: 'https://example.com/mine', include_sub_accounts: true }, 201),
  ],
  'GET /numex/v1/webhook-endpoints': () => [served(`${base}/webhook-endpoints`)],
  'GET /numex/v1/webhook-endpoints/:endpoint': (victim) => onEndpoint(victim, ''),
  'PATCH /numex/v1/webhook-endpoints/:endpoint': (victim) =>
    onEndpoint(victim, '', { url: 'https://example.com/mine' }),
  'DELETE /numex/v1/webhook-endpoints/:endpoint': (victim) => onEndpoint(victim, ''),
  'POST /numex/v1/webhook-endpoints/:endpoint/rotate-secret': (victim) =>
    onEndpoint(victim, '/rotate-secret', {}),
  'POST /numex/v1/webhook-endpoints/:endpoint/test': (victim) => onEndpoint(victim, '/test'),
  'GET /numex/v1/webhook-endpoints/:endpoint/deliveries': (victim) => onEndpoint(victim, '/deliveries'),
  'POST /numex/v1/webhook-endpoints/:endpoint/deliveries/:delivery/replay': (victim, asker) => {
    const replay = `/deliveries/${spellWord('dlv_', victim.delivery)}/replay`;
    return [
      ...onEndpoint(victim, replay),
      absent(`${base}/webhook-endpoints/${endpointId(asker.endpoint)}${replay}`),
    ];
  },
  'POST /numex/v1/webhook-endpoints/:endpoint/replay-dead': (victim) => onEndpoint(victim, '/replay-dead'),
  'GET /numex/v1/events': () => [served(`${base}/events`)],
};

const accounts: Rows = {
  'GET /numex/v1/wallets': () => [served(`${base}/wallets`)],
  'GET /numex/v1/wallets/:currency/transfers': () => [
    // A sub-account has no wallet: its parent pays.
    bySubs(402, served(`${base}/wallets/USD/transfers`)),
  ],
  ...Object.fromEntries(
    ['statement', 'statement.csv', 'statement.html'].map((document) => [
      `GET /numex/v1/wallets/:currency/${document}`,
      () => [bySubs(402, served(`${base}/wallets/USD/${document}?month=2026-03`))],
    ]),
  ),
  'POST /numex/v1/accounts/:account/deposits': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/deposits`, { amount_minor: 1, currency: 'USD' })),
  ...Object.fromEntries(
    ['refunds', 'withdrawals', 'adjustments'].map((kind) => [
      `POST /numex/v1/accounts/:account/${kind}`,
      (victim: Household) =>
        eachAccount(victim, (path) =>
          operators(`${path}/${kind}`, { amount_minor: 1, currency: 'USD', reason: 'Mine now' }),
        ),
    ]),
  ),
  'GET /numex/v1/revenue': () => [operators(`${base}/revenue?by=account`)],
  'GET /numex/v1/due': () => [operators(`${base}/due`)],
  'GET /numex/v1/past-dues': () => [operators(`${base}/past-dues`)],
  'GET /numex/v1/account': () => [served(`${base}/account`)],
  'GET /numex/v1/account/keys': () => [served(`${base}/account/keys`)],
  'POST /numex/v1/account/keys': () => [served(`${base}/account/keys`, { scope: 'read' }, 201)],
  'DELETE /numex/v1/account/keys/:key': ({ key }) => [
    absent(`${base}/account/keys/${spellWord('key_', key)}`),
  ],
  'POST /numex/v1/accounts': ({ tenant }) => [
    operators(`${base}/accounts`, { name: 'Mine', parent: tenant.account.publicId }),
  ],
  'GET /numex/v1/accounts': () => [operators(`${base}/accounts`)],
  'GET /numex/v1/accounts/:account': (victim) => eachAccount(victim, absent),
  'POST /numex/v1/accounts/:account/keys': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/keys`, { scope: 'full' })),
  'GET /numex/v1/accounts/:account/release-fees': (victim) =>
    eachAccount(victim, (path) => absent(`${path}/release-fees`)),
  'PUT /numex/v1/accounts/:account/release-fees/:currency': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/release-fees/USD`, { amount_minor: 1 })),
  'POST /numex/v1/accounts/:account/block': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/block`)),
  'POST /numex/v1/accounts/:account/unblock': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/unblock`)),
};

const subAccounts: Rows = {
  'POST /numex/v1/sub-accounts': () => [bySubs(403, served(`${base}/sub-accounts`, { name: 'Mine' }, 201))],
  'GET /numex/v1/sub-accounts': () => [served(`${base}/sub-accounts`)],
  'GET /numex/v1/sub-accounts/:account': ({ sub }) => [
    bySubs(403, absent(`${base}/sub-accounts/${sub.account.publicId}`)),
  ],
  'PATCH /numex/v1/sub-accounts/:account': ({ sub }) => [
    bySubs(403, absent(`${base}/sub-accounts/${sub.account.publicId}`, { enabled: false })),
  ],
  'DELETE /numex/v1/sub-accounts/:account': ({ sub }) => [
    bySubs(403, absent(`${base}/sub-accounts/${sub.account.publicId}`)),
  ],
  'PUT /numex/v1/sub-accounts/:account/numbers/:number': handOvers,
  'DELETE /numex/v1/sub-accounts/:account/numbers/:number': (victim, asker) => [
    ...handOvers(victim, asker),
    // Nobody but the operator overrides a cool-off.
    ...handOvers(victim, asker)
      .filter(({ path }) => path.includes(asker.subAccount))
      .map(({ path }) => operators(`${path}?force=true`)),
  ],
};

const operatorsOwn: Rows = {
  'GET /numex/v1/policies': () => [operators(`${base}/policies`)],
  'PUT /numex/v1/policies/:name': () => [
    operators(`${base}/policies/hold_seconds`, { environment: 'live', value: 60 }),
  ],
  'DELETE /numex/v1/policies/:name': () => [
    operators(`${base}/policies/hold_seconds?environment=live&country=US`),
  ],
  'GET /numex/v1/price-lists': () => [operators(`${base}/price-lists`)],
  'POST /numex/v1/price-lists': () => [operators(`${base}/price-lists`, { name: 'Mine' })],
  'GET /numex/v1/price-lists/:list': () => [operators(`${base}/price-lists/standard`)],
  'PATCH /numex/v1/price-lists/:list': () => [operators(`${base}/price-lists/standard`, { name: 'Mine' })],
  'GET /numex/v1/price-lists/:list/rules': () => [operators(`${base}/price-lists/standard/rules`)],
  'PUT /numex/v1/price-lists/:list/rules': () => [
    operators(`${base}/price-lists/standard/rules`, { currency: 'USD', recurring_minor: 0, cycle: 'month' }),
  ],
  'DELETE /numex/v1/price-lists/:list/rules/:rule': () => [
    operators(`${base}/price-lists/standard/rules/prr_1`),
  ],
  'GET /numex/v1/price-lists/:list/export': () => [operators(`${base}/price-lists/standard/export`)],
  'POST /numex/v1/price-lists/:list/import': () => [
    operators(`${base}/price-lists/standard/import`, { csv: 'currency,recurring,cycle\nUSD,0,month\n' }),
  ],
  'POST /numex/v1/price-lists/:list/currencies': () => [
    operators(`${base}/price-lists/standard/currencies`, { currency: 'GBP', from: 'USD', rate: '0.01' }),
  ],
  'GET /numex/v1/prices/explain': (victim) =>
    Object.values(victim.numbers).map((number) =>
      operators(
        `${base}/prices/explain?account=${victim.tenant.account.publicId}&number=${encodeURIComponent(number)}`,
      ),
    ),
  'GET /numex/v1/accounts/:account/pricing': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/pricing`)),
  'PUT /numex/v1/accounts/:account/pricing': (victim) =>
    eachAccount(victim, (path) => operators(`${path}/pricing`, { discount_percent: 100 })),
  'GET /numex/v1/audit': (victim) => [
    served(`${base}/audit?limit=100`),
    ...eachNumber(victim, (number) => served(`${base}/audit?number=${encodeURIComponent(number)}`)),
    ...[victim.tenant, victim.sub].map(({ account }) => absent(`${base}/audit?account=${account.publicId}`)),
  ],
  'GET /numex/v1/numbers/:number/holder': (victim) =>
    eachNumber(victim, (number) => operators(`${base}/numbers/${number}/holder?at=2026-03-04T09:30:00Z`)),
};

const stockOfOperator: Rows = {
  'GET /numex/v1/stock': ({ tenant }) => [
    operators(`${base}/stock`),
    operators(`${base}/stock?holder=${tenant.account.publicId}`),
  ],
  'GET /numex/v1/stock/counts': () => [operators(`${base}/stock/counts?by=country`)],
  'GET /numex/v1/stock/:number': (victim) =>
    eachNumber(victim, (number) => operators(`${base}/stock/${number}`)),
  'GET /numex/v1/stock/:number/history': (victim) =>
    eachNumber(victim, (number) => operators(`${base}/stock/${number}/history?part=audit`)),
  'POST /numex/v1/stock/:number/withdraw': (victim) => changesOf(victim, 'withdraw'),
  'POST /numex/v1/stock/:number/return': (victim) => changesOf(victim, 'return'),
  'POST /numex/v1/stock/:number/end-rest': (victim) => changesOf(victim, 'end-rest'),
  'POST /numex/v1/stock/:number/move-to-group': (victim) =>
    changesOf(victim, 'move-to-group', { group_id: 'abc-123' }),
  'POST /numex/v1/stock/:number/move-rental': (victim, asker) =>
    changesOf(victim, 'move-rental', { to: asker.accountId }),
  'PUT /numex/v1/stock/:number/prices/:currency': (victim) =>
    changesOf(victim, 'prices/USD', { setup_minor: 0, recurring_minor: 0, cycle: 'month' }),
  'DELETE /numex/v1/stock/:number/prices/:currency': (victim) =>
    eachNumber(victim, (number) => operators(`${base}/stock/${number}/prices/USD?reason=mine`)),
  'DELETE /numex/v1/stock/:number': (victim) =>
    eachNumber(victim, (number) => operators(`${base}/stock/${number}?reason=mine`)),
};

function changesOf(victim: Household, rest: string, body: object = {}): Attempt[] {
  return eachNumber(victim, (number) =>
    operators(`${base}/stock/${number}/${rest}`, { reason: 'mine', ...body }),
  );
}

const clocks: Rows = {
  'POST /numex/v1/test-clocks': (_victim, { environment }) => [
    // Time stands still for nobody in the live environment.
    served(`${base}/test-clocks`, { name: 'Mine' }, environment === 'test' ? 201 : 403),
  ],
  'GET /numex/v1/test-clocks': () => [served(`${base}/test-clocks`)],
  'POST /numex/v1/test-clocks/:clock/advance': ({ clock }) => [
    absent(`${base}/test-clocks/${clockId(clock)}/advance`, { to: '2026-04-04T09:30:00Z' }),
  ],
  'PUT /numex/v1/test-clocks/:clock/accounts/:account': ({ clock, tenant, sub }, asker) => [
    absent(`${base}/test-clocks/${clockId(clock)}/accounts/${asker.accountId}`),
    ...[tenant, sub].map(({ account }) =>
      absent(`${base}/test-clocks/${clockId(asker.clock)}/accounts/${account.publicId}`),
    ),
  ],
};

export const numexRows: Rows = {
  ...catalogue,
  ...buying,
  ...renting,
  ...targetRows('agents', 'agent', (victim) => agentId(victim.agent), { name: 'Mine' }),
  ...targetRows('trunks', 'trunk', (victim) => trunkId(victim.trunk), { name: 'Mine', domain: 'x.example' }),
  ...targetRows('applications', 'application', (victim) => appId(victim.application), { name: 'Mine' }),
  ...addresses,
  ...webhooks,
  ...accounts,
  ...subAccounts,
  ...operatorsOwn,
  ...stockOfOperator,
  ...clocks,
};
