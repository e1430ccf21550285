import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import { errorAnswer } from './contract.js';
import type { Schema } from './contract.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method: string;
  /** With its query, exactly as it goes on the wire. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent byte for byte, with any method. */
  readonly body?: string;
}

export type Query = Readonly<Record<string, string | number>>;

/** A client of one key. Plain HTTP, so that a test decides every byte: fetch would refuse a GET with a body. */
export class Client {
  readonly #url: string;
  readonly apiKey: string | undefined;

  constructor(url: string, apiKey?: string) {
    this.#url = url;
    this.apiKey = apiKey;
  }

  send({ method, path, headers = {}, body }: Call): Promise<Answer> {
    const { hostname, port } = new URL(this.#url);
    const key = this.apiKey === undefined ? {} : { 'X-User-API-Key': this.apiKey };
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { hostname, port, method, path, agent: false, headers: { ...key, ...length, ...headers } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  get(path: string, query: Query = {}): Promise<Answer> {
    const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const search = new URLSearchParams(pairs).toString();
    return this.send({ method: 'GET', path: search === '' ? path : `${path}?${search}` });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.postText(path, JSON.stringify(body), headers);
  }

  postText(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send({
      method: 'POST',
      path,
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  delete(path: string): Promise<Answer> {
    return this.send({ method: 'DELETE', path });
  }
}

/** The answer has this status and is exactly what the contract says. */
export function expectAnswer<T>(answer: Answer, status: number, schema: Schema<T>): T {
  expect({ status: answer.status, text: answer.status === status ? '' : answer.text }).toEqual({
    status,
    text: '',
  });
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const body: unknown = JSON.parse(answer.text);
  expect(schema(body, 'body')).toEqual([]);
  return body as T;
}

/** The one error body, under one of the statuses; answers its message. */
export function expectError(answer: Answer, ...statuses: readonly number[]): string {
  expect(statuses, answer.text).toContain(answer.status);
  const body = expectAnswer(answer, answer.status, errorAnswer);
  expect(body.message).toBe(body.error_message);
  return body.message;
}

/** Served, or refused below 500 in the words of this API. */
export function isSound({ status, text }: Answer): boolean {
  if (status >= 200 && status < 300) return true;
  if (status < 400 || status >= 500) return false;
  try {
    return errorAnswer(JSON.parse(text), 'body').length === 0;
  } catch {
    return false;
  }
}

/** Refused or served, but never a failure of the server; a refusal carries the error body. */
export function expectNoServerFailure(answer: Answer): void {
  expect(answer.status, answer.text.slice(0, 300)).toBeGreaterThanOrEqual(200);
  expect(answer.status, answer.text.slice(0, 300)).toBeLessThan(500);
  if (answer.status >= 400) expectError(answer, answer.status);
}
