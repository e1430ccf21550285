/** Every call of the contract, written once for the tests that go through all of them. */
export interface Route {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:number`, `:agent` and `:address` stand for ids. */
  readonly path: string;
  readonly query?: string;
  readonly body?: unknown;
}

export interface Ids {
  readonly number: number | string;
  readonly agent: number | string;
  readonly address: number | string;
}

export const newAddress = {
  street_address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CN',
  country_code: 'NL',
  contact_name: 'Ada Vos',
  contact_email: 'ada@example.com',
  contact_phone: '+31205550100',
} as const;

/** A PDF by its first bytes, small enough to send in a test of something else. */
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export const newDocument = {
  document_type: 'government_id',
  filename: 'passport.pdf',
  content_base64: pdf.toString('base64'),
} as const;

export const routes: readonly Route[] = [
  { verb: 'GET', path: '/phone-numbers/search' },
  { verb: 'GET', path: '/phone-numbers/countries' },
  { verb: 'GET', path: '/phone-numbers' },
  { verb: 'POST', path: '/phone-numbers', body: { phone_number: '+12135550000' } },
  { verb: 'GET', path: '/phone-numbers/:number' },
  { verb: 'PATCH', path: '/phone-numbers/:number', body: { tags: ['intake'] } },
  { verb: 'PUT', path: '/phone-numbers/:number/assign', body: { agent_id: 1 } },
  { verb: 'DELETE', path: '/phone-numbers/:number/assign' },
  { verb: 'DELETE', path: '/phone-numbers/:number' },
  { verb: 'POST', path: '/phone-numbers/:number/reclaim' },
  { verb: 'GET', path: '/addresses/requirements', query: '?country=NL' },
  { verb: 'POST', path: '/addresses', body: newAddress },
  { verb: 'GET', path: '/addresses' },
  { verb: 'GET', path: '/addresses/:address' },
  { verb: 'POST', path: '/addresses/:address/documents', body: newDocument },
  { verb: 'POST', path: '/addresses/:address/submit' },
  { verb: 'POST', path: '/addresses/:address/check-status' },
  { verb: 'POST', path: '/agents', body: { name: 'Front Desk' } },
  { verb: 'GET', path: '/agents' },
  { verb: 'GET', path: '/agents/:agent' },
  { verb: 'PATCH', path: '/agents/:agent', body: { name: 'Back Desk' } },
  { verb: 'DELETE', path: '/agents/:agent' },
  { verb: 'GET', path: '/credits' },
];

export const reads = routes.filter(({ verb }) => verb === 'GET');
export const writes = routes.filter(({ verb }) => verb !== 'GET');

const nobody: Ids = { number: 1, agent: 1, address: 1 };

/** The route's path with ids in it, without its query. */
export function pathOf({ path }: Route, ids: Ids = nobody): string {
  return path
    .replace(':number', String(ids.number))
    .replace(':agent', String(ids.agent))
    .replace(':address', String(ids.address));
}

/** A title for `it.each`: the verb and path as the contract writes them. */
export function titled(list: readonly Route[]): [title: string, route: Route][] {
  return list.map((route) => [`${route.verb} ${route.path}`, route]);
}
