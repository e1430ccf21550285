import type { Caller } from './session.js';
import { textAt } from './session.js';

const base = '/numex/v1';

export const newAddress = {
  street_address: 'Unter den Linden 1',
  city: 'Berlin',
  postal_code: '10117',
  contact_name: 'Erika Mustermann',
  contact_email: 'erika@example.com',
  contact_phone: '+493012345678',
};
export const document = {
  document_type: 'government_id',
  filename: 'x.pdf',
  content_base64: Buffer.from('%PDF-1.7\nan identity card\n%%EOF\n').toString('base64'),
};

/** Every write of the own API that sales and rentals know, in an order in which each succeeds. */
export async function sellAndRent({ write }: Caller, numbers: readonly string[]): Promise<void> {
  const [first, second, third] = numbers;
  const order = await write(`POST ${base}/orders`, [], { lines: [{ number: first }], currency: 'USD' });
  const rental = textAt(order, 'results.0.rental_id');
  const held = textAt(await write(`POST ${base}/reservations`, [], { number: second }), 'id');
  await write(`POST ${base}/reservations/:reservation/extend`, [held]);
  await write(`POST ${base}/orders`, [], { lines: [{ reservation_id: held }], currency: 'USD' });
  const other = textAt(await write(`POST ${base}/reservations`, [], { number: third }), 'id');
  await write(`DELETE ${base}/reservations/:reservation`, [other]);
  await write(`POST ${base}/orders`, [], { lines: [{ group_id: 'nowhere' }], currency: 'USD' });
  await write(`PATCH ${base}/rentals/:rental`, [rental], { label: 'Desk', tags: ['one'] });
  const targets = [
    ['agents', 'agent', { name: 'Desk' }],
    ['trunks', 'trunk', { name: 'Line', domain: 'first.example' }],
    ['applications', 'application', { name: 'App', answer_url: 'https://first.example/answer' }],
  ] as const;
  for (const [plural, kind, body] of targets) {
    const id = textAt(await write(`POST ${base}/${plural}`, [], body), 'id');
    await write(`PATCH ${base}/${plural}/:${kind}`, [id], { name: 'Renamed' });
    await write(`PUT ${base}/rentals/:rental/assignment`, [rental], { [`${kind}_id`]: id });
    await write(`PATCH ${base}/${plural}/:${kind}`, [id], { name: 'Renamed again' });
    await write(`DELETE ${base}/rentals/:rental/assignment?kind=${kind}`, [rental]);
    await write(`DELETE ${base}/${plural}/:${kind}`, [id]);
  }
  await write(`DELETE ${base}/rentals/:rental`, [rental]);
  await write(`POST ${base}/rentals/:rental/reclaim`, [rental]);
  await write(`DELETE ${base}/rentals/:rental`, [rental]);
}

export async function register({ write }: Caller, admin: Caller): Promise<void> {
  const address = textAt(await write(`POST ${base}/addresses`, [], { ...newAddress, country: 'DE' }), 'id');
  await write(`POST ${base}/addresses/:address/documents`, [address], document);
  await write(`POST ${base}/addresses/:address/submit`, [address]);
  await write(`POST ${base}/addresses/:address/check`, [address]);
  await admin.write(`POST ${base}/addresses/:address/decision`, [address], { decision: 'approve' });
  await admin.write(`POST ${base}/addresses/:address/decision`, [address], { decision: 'expire' });
}

export async function listen({ write }: Caller): Promise<void> {
  const endpoints = `${base}/webhook-endpoints`;
  const one = `${endpoints}/:endpoint`;
  const id = textAt(await write(`POST ${endpoints}`, [], { url: 'https://example.com/first' }), 'id');
  const delivery = textAt(await write(`POST ${one}/test`, [id]), 'id');
  await write(`POST ${one}/deliveries/:delivery/replay`, [id, delivery]);
  await write(`POST ${one}/replay-dead`, [id]);
  await write(`POST ${one}/rotate-secret`, [id], {});
  await write(`PATCH ${one}`, [id], { url: 'https://example.com/second' });
  await write(`DELETE ${one}`, [id]);
}

export async function keepAccounts(caller: Caller, admin: Caller, number: string): Promise<void> {
  const { write } = caller;
  const key = textAt(await write(`POST ${base}/account/keys`, [], { scope: 'read' }), 'id');
  await write(`DELETE ${base}/account/keys/:key`, [key]);
  const account = textAt(await admin.write(`POST ${base}/accounts`, [], { name: 'Opened' }), 'id');
  await admin.write(`POST ${base}/accounts/:account/keys`, [account], { scope: 'full' });
  await admin.write(`POST ${base}/accounts/:account/deposits`, [account], {
    amount_minor: 100,
    currency: 'USD',
  });
  for (const kind of ['refunds', 'adjustments', 'withdrawals']) {
    await admin.write(`POST ${base}/accounts/:account/${kind}`, [account], {
      amount_minor: 50,
      currency: 'USD',
      reason: 'Agreed by telephone',
    });
  }
  await admin.write(`PUT ${base}/accounts/:account/release-fees/:currency`, [account, 'USD'], {
    amount_minor: 5,
  });
  await setPrices(admin, account);
  await admin.write(`POST ${base}/accounts/:account/block`, [account]);
  await admin.write(`POST ${base}/accounts/:account/unblock`, [account]);
  await admin.write(`POST ${base}/accounts/:account/block`, [account]);
  const sub = textAt(await write(`POST ${base}/sub-accounts`, [], { name: 'Branch' }), 'id');
  await write(`PATCH ${base}/sub-accounts/:account`, [sub], { name: 'Branch office' });
  await write(`POST ${base}/orders`, [], { lines: [{ number }], currency: 'USD' });
  await write(`PUT ${base}/sub-accounts/:account/numbers/:number`, [sub, number]);
  await write(`DELETE ${base}/sub-accounts/:account/numbers/:number`, [sub, number]);
  await write(`DELETE ${base}/sub-accounts/:account`, [sub]);
  const policy = { environment: 'live', value: 700 };
  await admin.write(`PUT ${base}/policies/:name`, ['reservation_seconds'], { ...policy, country: 'FR' });
  await admin.write(`DELETE ${base}/policies/:name?environment=live&country=FR`, ['reservation_seconds']);
  await changeStock(caller, admin, number);
  await admin.write(`POST ${base}/calls`, [], {
    calls: [{ call_id: 'c-1', direction: 'inbound', to: number, started_at: '2026-03-04T09:00:00Z' }],
  });
}

async function setPrices({ write, get }: Caller, account: string): Promise<void> {
  const lists = `${base}/price-lists`;
  const rules = `${lists}/:list/rules`;
  const list = textAt(await write(`POST ${lists}`, [], { name: 'Resellers' }), 'id');
  const rule = { currency: 'USD', type: 'local', recurring_minor: 300, cycle: 'month' };
  await write(`PUT ${rules}`, [list], rule);
  await write(`POST ${lists}/:list/currencies`, [list], { currency: 'GBP', from: 'USD', rate: '0.79' });
  const csv =
    'currency,country,type,group,prefix,setup,recurring,cycle,valid_from\nUSD,,mobile,,,0,4.00,month,\n';
  await write(`POST ${lists}/:list/import`, [list], { csv });
  const first = textAt(await get(`${lists}/${list}/rules`), 'data.0.id');
  await write(`DELETE ${rules}/:rule`, [list, first]);
  await write(`PATCH ${lists}/:list`, [list], { name: 'Renamed' });
  await write(`PUT ${base}/accounts/:account/pricing`, [account], { price_list: list, discount_percent: 5 });
}

/** Each change that an operator makes to a number: one of the stock, one that rests, and one that is rented. */
async function changeStock({ write }: Caller, admin: Caller, rented: string): Promise<void> {
  const [spare = '', rested = ''] = [20, 21].map((index) =>
    rented.replace(/\d{3}$/, String(index).padStart(3, '0')),
  );
  const reason = 'Tidy';
  const one = `${base}/stock/:number`;
  await admin.write(`POST ${one}/withdraw`, [spare], { reason });
  await admin.write(`POST ${one}/return`, [spare], { reason });
  const group = textAt(await admin.get(`${base}/stock/${spare}`), 'group_id');
  await admin.write(`POST ${one}/move-to-group`, [spare], { reason, group_id: group });
  const price = { reason, setup_minor: 0, recurring_minor: 100, cycle: 'month' };
  await admin.write(`PUT ${one}/prices/:currency`, [spare, 'USD'], price);
  await admin.write(`DELETE ${one}/prices/:currency?reason=Tidy`, [spare, 'USD']);
  await admin.write(`DELETE ${one}?reason=Tidy`, [spare]);
  const order = await write(`POST ${base}/orders`, [], { lines: [{ number: rested }], currency: 'USD' });
  await write(`DELETE ${base}/rentals/:rental?leaves=now`, [textAt(order, 'results.0.rental_id')]);
  await admin.write(`POST ${one}/end-rest`, [rested], { reason });
  const to = textAt(await admin.write(`POST ${base}/accounts`, [], { name: 'Receiver' }), 'id');
  const money = { amount_minor: 100, currency: 'USD' };
  await admin.write(`POST ${base}/accounts/:account/deposits`, [to], money);
  await admin.write(`POST ${one}/move-rental`, [rented], { reason, to });
}

export async function moveTime({ write }: Caller, accountId: string): Promise<void> {
  const clock = textAt(await write(`POST ${base}/test-clocks`, [], { name: 'Fast' }), 'id');
  await write(`PUT ${base}/test-clocks/:clock/accounts/:account`, [clock, accountId]);
  await write(`POST ${base}/test-clocks/:clock/advance`, [clock], { to: '2026-03-04T11:30:00Z' });
}
