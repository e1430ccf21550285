import { ask } from '../../support/request.js';
import type { Answer } from '../../support/request.js';

export type Headers = Readonly<Record<string, string>>;

/** One tenant's view of the API, as a program written for it sees it. Paths are those behind the base URL, `…/v1`. */
export class StaffifyClient {
  constructor(
    readonly url: string,
    readonly key: string | undefined,
  ) {}

  send(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return ask(this.url, this.key, method, `/v1${path}`, body, headers);
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.send('PUT', path, body, headers);
  }

  patch(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    return this.send('PATCH', path, body, headers);
  }

  delete(path: string, headers: Headers = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  search(query = ''): Promise<Answer> {
    return this.get(`/phone-numbers/search${query}`);
  }

  buy(body: unknown): Promise<Answer> {
    return this.post('/phone-numbers', body);
  }

  list(query = ''): Promise<Answer> {
    return this.get(`/phone-numbers${query}`);
  }

  number(id: number | string): Promise<Answer> {
    return this.get(`/phone-numbers/${id}`);
  }

  tag(id: number, tags: unknown): Promise<Answer> {
    return this.patch(`/phone-numbers/${id}`, { tags });
  }

  assign(id: number, agentId: unknown): Promise<Answer> {
    return this.put(`/phone-numbers/${id}/assign`, { agent_id: agentId });
  }

  unassign(id: number): Promise<Answer> {
    return this.delete(`/phone-numbers/${id}/assign`);
  }

  release(id: number): Promise<Answer> {
    return this.delete(`/phone-numbers/${id}`);
  }

  reclaim(id: number): Promise<Answer> {
    return this.post(`/phone-numbers/${id}/reclaim`);
  }

  document(address: number, body: unknown): Promise<Answer> {
    return this.post(`/addresses/${address}/documents`, body);
  }

  submit(address: number): Promise<Answer> {
    return this.post(`/addresses/${address}/submit`);
  }

  checkStatus(address: number): Promise<Answer> {
    return this.post(`/addresses/${address}/check-status`);
  }

  /** Sends a form with its parts in the order in which they were added. */
  async form(path: string, form: FormData): Promise<Answer> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method: 'POST',
      headers: this.key === undefined ? {} : { authorization: `Bearer ${this.key}` },
      body: form,
    });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }
}
