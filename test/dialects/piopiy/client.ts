import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import type { TestServer, TestTenant } from '../../support/server.js';

type Headers = Readonly<Record<string, string>>;

/** One tenant's view of the API, as a program written for it sees it. */
export class PiopiyClient {
  constructor(
    readonly url: string,
    readonly key: string | undefined,
  ) {}

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, this.key, 'GET', `/v1${path}`, undefined, headers);
  }

  post(path: string, body: unknown, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, this.key, 'POST', `/v1${path}`, body, headers);
  }

  delete(path: string, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, this.key, 'DELETE', `/v1${path}`, undefined, headers);
  }

  search(query = ''): Promise<Answer> {
    return this.get(`/list-available-numbers${query}`);
  }

  buy(number: unknown, headers: Headers = {}): Promise<Answer> {
    return this.post('/buy-phone-number', { number }, headers);
  }

  owned(query = ''): Promise<Answer> {
    return this.get(`/purchased-phone-numbers${query}`);
  }

  release(id: string, headers: Headers = {}): Promise<Answer> {
    return this.delete(`/release-phone-number/${id}`, headers);
  }

  /** Numbers of an answer's `data`. */
  static numbers(answer: Answer): string[] {
    return (at(answer.body, 'data') as { number: string }[]).map((entry) => entry.number);
  }
}

export async function newClient(
  server: TestServer,
  options: Parameters<TestServer['createTenant']>[0] = {},
): Promise<PiopiyClient & { readonly tenant: TestTenant }> {
  const tenant = await server.createTenant(options);
  return Object.assign(new PiopiyClient(server.url, tenant.apiKey), { tenant });
}

export function cursorOf(answer: Answer): string | null {
  return at(answer.body, 'next_cursor') as string | null;
}

export function idOf(answer: Answer): string {
  return String(at(answer.body, 'id'));
}

/** The balance of a tenant's first wallet. */
export async function balanceOf(server: TestServer, { account }: TestTenant): Promise<number> {
  const [row] = await server.sql<{ minor: number }[]>`
    select balance_minor as minor from wallet where account_id = ${account.id} order by id limit 1`;
  return row?.minor ?? 0;
}
