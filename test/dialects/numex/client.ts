import { expect } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';

export type Headers = Readonly<Record<string, string>>;

/** One key's view of the own API; `actingFor` names another account on every call. */
export class OwnApi {
  constructor(
    readonly url: string,
    readonly key: string,
    readonly headers: Headers = {},
  ) {}

  actingFor(account: string): OwnApi {
    return new OwnApi(this.url, this.key, { ...this.headers, 'x-account': account });
  }

  call(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, this.key, method, `/numex/v1${path}`, body, { ...this.headers, ...headers });
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.call('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.call('PUT', path, body, headers);
  }

  patch(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.call('PATCH', path, body, headers);
  }

  delete(path: string, headers: Headers = {}): Promise<Answer> {
    return this.call('DELETE', path, undefined, headers);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** The body of an answer that succeeded. */
export function bodyOf(answer: Answer, status = 200): Row {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body as Row;
}

export function dataOf(answer: Answer): Row[] {
  return bodyOf(answer)['data'] as Row[];
}

/** A refusal as RFC 9457 has it, with its code and whatever else it has to say. */
export function expectProblem(answer: Answer, status: number, code: string, more: Row = {}): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ status, code, type: `urn:numex:error:${code}`, ...more });
  expect(String(at(answer.body, 'detail'))).not.toBe('');
}

/** All rows of a list in pages of `limit`, following its cursor. */
export async function walk(api: OwnApi, path: string, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < 100 && cursor !== null; page++) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await api.get(`${path}?limit=${limit}${from}`);
    const data = dataOf(answer);
    expect(data.length).toBeLessThanOrEqual(limit);
    rows.push(...data);
    cursor = at(answer.body, 'next_cursor') as string | null;
  }
  expect(cursor).toBeNull();
  return rows;
}
