import { expect } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';

export type Headers = Readonly<Record<string, string>>;

/** Who calls: an auth id (`MA_…` or `SA_…`) and its secret. */
export interface Credentials {
  readonly authId: string;
  readonly authToken: string;
}

export function pairOf({ authId, authToken }: Credentials): Headers {
  return { 'x-auth-id': authId, 'x-auth-token': authToken };
}

export function basicOf({ authId, authToken }: Credentials): Headers {
  return { authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}` };
}

/** A number as the vendor's clients put it in a path: its plus sign encoded. */
export function inPath(number: string): string {
  return encodeURIComponent(number);
}

/**
 * One caller's view of the API, as a program written for it sees it. A call goes to the caller's own auth id, or to
 * that of `on(…)`.
 */
export class VobizClient {
  constructor(
    readonly url: string,
    readonly credentials: Credentials,
    readonly pathId: string = credentials.authId,
  ) {}

  /** The same caller on the paths of another account. */
  on(pathId: string): VobizClient {
    return new VobizClient(this.url, this.credentials, pathId);
  }

  /** Any path below `/api/v1`. */
  call(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, undefined, method, `/api/v1${path}`, body, {
      ...pairOf(this.credentials),
      ...headers,
    });
  }

  /** A path below `/Account/{auth_id}`: numbers, inventory, trunks, applications, money and calls. */
  account(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.call(method, `/Account/${this.pathId}${path}`, body, headers);
  }

  get(path: string): Promise<Answer> {
    return this.account('GET', path);
  }

  list(query = ''): Promise<Answer> {
    return this.get(`/numbers${query}`);
  }

  number(number: string): Promise<Answer> {
    return this.get(`/numbers/${inPath(number)}`);
  }

  inventory(query = ''): Promise<Answer> {
    return this.get(`/inventory/numbers${query}`);
  }

  buy(e164: unknown, more: object = {}): Promise<Answer> {
    return this.account('POST', '/numbers/purchase-from-inventory', { e164, ...more });
  }

  release(number: string, query = ''): Promise<Answer> {
    return this.account('DELETE', `/numbers/${inPath(number)}${query}`);
  }

  cancelRelease(number: string): Promise<Answer> {
    return this.call('POST', `/account/${this.pathId}/numbers/${inPath(number)}/cancel-release`);
  }

  assignTrunk(number: string, trunkId: unknown): Promise<Answer> {
    return this.account('POST', `/numbers/${inPath(number)}/assign`, { trunk_group_id: trunkId });
  }

  unassignTrunk(number: string): Promise<Answer> {
    return this.account('DELETE', `/numbers/${inPath(number)}/assign`);
  }

  attach(number: string, applicationId: unknown): Promise<Answer> {
    return this.account('POST', `/numbers/${inPath(number)}/application`, { application_id: applicationId });
  }

  detach(number: string): Promise<Answer> {
    return this.account('DELETE', `/numbers/${inPath(number)}/application`);
  }

  give(number: string, subAccountId: unknown): Promise<Answer> {
    const path = `/account/${this.pathId}/numbers/${inPath(number)}/assign-subaccount`;
    return this.call('POST', path, { sub_account_id: subAccountId });
  }

  takeBack(number: string, query = ''): Promise<Answer> {
    const path = `/account/${this.pathId}/numbers/${inPath(number)}/assign-subaccount${query}`;
    return this.call('DELETE', path);
  }

  health(number: string, query = ''): Promise<Answer> {
    return this.call('GET', `/account/${this.pathId}/numbers/${inPath(number)}/health${query}`);
  }

  /** `/accounts/{auth_id}/sub-accounts…`; without a rest the list itself, with the slash of the docs. */
  subAccounts(method: string, rest = '/', body?: unknown): Promise<Answer> {
    return this.call(method, `/accounts/${this.pathId}/sub-accounts${rest}`, body);
  }

  balance(currency = 'INR'): Promise<Answer> {
    return this.get(`/balance/${currency}`);
  }

  transactions(query = ''): Promise<Answer> {
    return this.get(`/transactions${query}`);
  }

  calls(query = ''): Promise<Answer> {
    return this.get(`/cdr${query}`);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** The rows under a key of an answer that succeeded. */
export function rows(answer: Answer, key = 'items'): Row[] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const list = at(answer.body, key);
  expect(Array.isArray(list), JSON.stringify(answer.body)).toBe(true);
  return list as Row[];
}

/** The numbers of a list or inventory answer, in its order. */
export function numbersOf(answer: Answer): string[] {
  return rows(answer).map((row) => String(row['e164']));
}
