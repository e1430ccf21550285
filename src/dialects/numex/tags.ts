/** The chapters of the API reference, in its order, and what each is about. A new one needs its sentence here. */
export const tags = {
  Catalogue: 'Countries, regions, cities, groups of numbers and what registration asks for.',
  Numbers: 'Numbers in stock: search, and whether this account may buy one.',
  Reservations: 'Holds that keep a number for a short time. Nothing is charged for them.',
  Orders: 'Purchases of one or several numbers from the wallet.',
  Rentals: 'Numbers that the account holds: their settings, wiring, charges, release and undo of a release.',
  Calls: 'Records of calls on the account’s numbers, and sums over them.',
  Agents: 'Agents that numbers can point at.',
  'Trunks and applications': 'SIP trunks and voice applications that numbers can point at.',
  Addresses: 'Addresses and documents that numbers are registered with.',
  Webhooks: 'Events, the endpoints that hear of them, and their deliveries.',
  Wallets: 'Balances and transfers, one wallet per currency.',
  Account: 'The account of the key that asks, and its keys.',
  'Sub-accounts': 'Accounts below this one, which buy from its wallet.',
  Audit: 'Who did what to what, and who had a number at an instant.',
  'Test clocks': 'Clocks of the test environment that can be moved forward.',
  Operator: 'What the operator of the exchange does, with an admin key.',
  Prices: 'Price lists, rules, prices of accounts and of single numbers (admin key).',
  Stock: 'Numbers of the exchange in every state (admin key).',
  Imports: 'Numbers taken in from files (admin key).',
  Money: 'Deposits, refunds, statements and revenue (admin key).',
} as const;

export type Tag = keyof typeof tags;
