import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse, received: Received) => void;

/** A webhook receiver on loopback that remembers what came and behaves as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  behave: Behaviour = (_request, response) => void response.writeHead(200).end('ok');
  readonly #server = createServer((request, response) => this.#take(request, response));
  readonly #sockets = new Set<Socket>();

  async listen(): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Answers every request with this status. */
  answer(status: number, headers: Record<string, string> = {}): void {
    this.behave = (_request, response) => void response.writeHead(status, headers).end('said');
  }

  /** The events that came, by their type, oldest first. */
  types(): string[] {
    return this.received.map(({ body }) => String((JSON.parse(body) as { type: unknown }).type));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received = { path: request.url ?? '', headers: request.headers, body };
      this.received.push(received);
      this.behave(request, response, received);
    });
  }
}
