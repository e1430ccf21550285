import type { Caller } from './session.js';
import { textAt } from './session.js';

/** As the router has them. */
const account = '/api/v1/:word([Aa][Cc][Cc][Oo][Uu][Nn][Tt])/:authId';
const number = `${account}/numbers/:number`;
const subAccounts = '/api/v1/accounts/:authId/sub-accounts';
const buy = `POST ${account}/numbers/purchase-from-inventory`;

export interface VobizStock {
  /** In stock, to be bought. */
  readonly free: readonly string[];
  /** Not in stock yet. */
  readonly missing: string;
  /** A currency in which there is no wallet yet. */
  readonly currency: string;
}

/** Every write of the Vobiz dialect, each once with success, and refusals that the world is going to outlive. */
export async function vobizWrites(caller: Caller, authId: string, stock: VobizStock): Promise<void> {
  const { write } = caller;
  const [first = '', second] = stock.free;
  const own = ['Account', authId];
  const taker = { app_name: 'Taker', answer_url: 'https://first.example/', default_number_app: true };
  const app = textAt(await write(`POST ${account}/Application`, own, taker), 'app_id');
  await write(buy, own, { e164: first });
  await write(buy, own, { e164: first });
  await write(buy, own, { e164: stock.missing });
  await write(buy, own, { e164: second, currency: stock.currency });
  await write(`POST ${account}/Application/:application`, [...own, app], { default_number_app: false });
  await routeByApplication(caller, [...own, first], app);
  await routeByTrunk(caller, [...own, first]);
  await handOver(caller, authId, first);
  await write(`POST ${number}/cancel-release`, [...own, first]);
  await write(`DELETE ${number}`, [...own, first]);
  await write(`DELETE ${number}`, [...own, first]);
  await write(`POST ${number}/cancel-release`, [...own, first]);
  await write(`DELETE ${number}?immediate=true`, [...own, first]);
  await write(`DELETE ${number}`, [...own, first]);
}

/** The number points at the application given, then at another one, then at none. */
async function routeByApplication({ write }: Caller, of: string[], given: string): Promise<void> {
  const own = of.slice(0, 2);
  const settings = { app_name: 'App', answer_url: 'https://first.example/' };
  const other = textAt(await write(`POST ${account}/Application`, own, settings), 'app_id');
  await write(`POST ${number}/application`, of, { application_id: other });
  await write(`POST ${number}/application`, of, { application_id: '10000000000000000' });
  await write(`DELETE ${account}/Application/:application`, [...own, other]);
  await write(`DELETE ${number}/application`, of);
  await write(`DELETE ${number}/application`, of);
  await write(`DELETE ${account}/Application/:application`, [...own, given]);
}

async function routeByTrunk({ write }: Caller, of: string[]): Promise<void> {
  const own = of.slice(0, 2);
  const one = `${account}/trunks/:trunk(^[0-9A-Fa-f-]{36}$)`;
  const trunk = textAt(await write(`POST ${account}/trunks`, own, { name: 'Line' }), 'trunk_id');
  await write(`PUT ${one}`, [...own, trunk], { name: 'Renamed' });
  await write(`POST ${number}/assign`, of, { trunk_group_id: trunk });
  await write(`POST ${number}/assign`, of, { trunk_group_id: trunk });
  await write(`DELETE ${number}/assign`, of);
  await write(`DELETE ${number}/assign`, of);
  await write(`PUT ${one}`, [...own, trunk], { name: 'Renamed again' });
  await write(`DELETE ${one}`, [...own, trunk]);
}

async function handOver({ write }: Caller, authId: string, e164: string): Promise<void> {
  const one = `${subAccounts}/:account`;
  const way = `${number}/assign-subaccount`;
  const of = ['account', authId, e164];
  const made = await write(`POST ${subAccounts}`, [authId], { name: 'Branch', email: 'a@first.example' });
  const sub = textAt(made, 'sub_account.auth_id');
  await write(`POST ${way}`, of, { sub_account_id: sub });
  await write(`DELETE ${one}`, [authId, sub]);
  await write(`DELETE ${way}`, of);
  await write(`DELETE ${way}`, of);
  await write(`PUT ${one}`, [authId, sub], { name: 'Branch office', enabled: false });
  await write(`DELETE ${one}`, [authId, sub]);
  await write(`POST ${way}`, of, { sub_account_id: sub });
}
