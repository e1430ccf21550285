import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationVerbs } from '../../../src/dialects/numex/operation-id.js';
import { ask } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer } from '../../support/server.js';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface Schema {
  readonly [keyword: string]: unknown;
}

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly webhooks: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, { readonly content: object }>>;
  };
}

let server: TestServer;
let document: Document;
let operations: readonly Operation[];

beforeAll(async () => {
  server = await startTestServer();
  document = (await ask(server.url, undefined, 'GET', '/openapi.json')).body as Document;
  operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
});
afterAll(() => server.close());

describe('the API document', () => {
  it('is served as JSON and as YAML', async () => {
    const answer = await ask(server.url, undefined, 'GET', '/openapi.yaml');
    expect(answer.headers.get('content-type')).toMatch('application/yaml');
    const yaml = Buffer.isBuffer(answer.body) ? answer.body.toString() : String(answer.body);
    expect(yaml).toMatch(/^openapi: "?3\.1\.0/);
    for (const { operationId } of operations) expect(yaml).toContain(`operationId: ${operationId}\n`);
    expect(document.servers).toEqual([{ url: '/', description: 'This server' }]);
  });

  it('names each operation once, by a verb and a noun', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    const form = new RegExp(`^(${operationVerbs.join('|')})([A-Z][a-z]+)+$`);
    expect(names.filter((name) => !form.test(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['listNumbers', 'buyNumbers', 'getRental', 'releaseRental', 'reclaimRental']),
    );
  });

  it('tells what each of its chapters is about', () => {
    const told = document.tags.filter(({ description }) => description !== '').map(({ name }) => name);
    expect(new Set(operations.flatMap((one) => one.tags))).toEqual(new Set(told));
  });

  it('has no shape without a name', () => {
    const anonymous: string[] = [];
    const look = (part: unknown, where: string): void => {
      if (typeof part !== 'object' || part === null) return;
      if ('properties' in part && !/^\/components\/schemas\/[^/]+$/.test(where)) anonymous.push(where);
      for (const [key, inner] of Object.entries(part)) look(inner, `${where}/${key}`);
    };
    look(document.paths, '/paths');
    look(document.components, '/components');
    expect(anonymous).toEqual([]);
  });

  it('has no two names for one shape; named() in schemas.ts gives a shape its own', () => {
    const namesOf = new Map<string, string[]>();
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const shape = JSON.stringify(schema);
      namesOf.set(shape, [...(namesOf.get(shape) ?? []), name]);
    }
    expect([...namesOf.values()].filter((names) => names.length > 1)).toEqual([]);
  });

  it('answers every operation with problem documents of a closed list of codes', () => {
    for (const { responses } of operations) {
      expect(responses['4XX']).toEqual({ $ref: '#/components/responses/Refusal' });
      expect(responses['5XX']).toEqual({ $ref: '#/components/responses/Fault' });
    }
    for (const one of Object.values(document.components.responses)) {
      expect(Object.keys(one.content)).toEqual(['application/problem+json']);
    }
    expect(codesOf('Fault').sort()).toEqual(['internal', 'outcome_unknown', 'unavailable']);
    expect(codesOf('Refusal')).toEqual(
      expect.arrayContaining(['insufficient_funds', 'not_found', 'order_refused', 'rate_limited']),
    );
    expect(codesOf('Refusal')).not.toContain('internal');
  });

  it('tells the lines of an order apart by ok', () => {
    const line = document.components.schemas['LineResult'];
    expect(line?.['oneOf']).toEqual([
      { $ref: '#/components/schemas/BoughtLine' },
      { $ref: '#/components/schemas/RefusedLine' },
    ]);
    expect(memberOf('BoughtLine', 'ok')).toMatchObject({ const: true });
    expect(memberOf('RefusedLine', 'ok')).toMatchObject({ const: false });
  });
});

describe('the types of events', () => {
  it('are all in the document that the core can raise, each with an example', async () => {
    const core = fileURLToPath(new URL('../../../src/core', import.meta.url));
    const files = (await readdir(core, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(join(core, file), 'utf8')));
    const raised = new Set<string>(['webhook.test', 'wallet.withdrawn']);
    for (const source of sources) {
      for (const [, type = ''] of source.matchAll(
        /'([a-z_]+(?:\.[a-z_]+)*\.(?:[a-z_]+ed|past_due|pending))'/g,
      )) {
        raised.add(type);
      }
      for (const [, type = ''] of source.matchAll(/\bevent: '([a-z_.]+)'/g)) raised.add(type);
    }
    expect(raised.size).toBeGreaterThan(30);
    expect(Object.keys(document.webhooks)).toEqual(expect.arrayContaining([...raised]));
    expect(JSON.stringify(document.webhooks['number.rented'])).toContain('"example":');
  });
});

function memberOf(shape: string, member: string): Schema | undefined {
  return (document.components.schemas[shape]?.['properties'] as Record<string, Schema> | undefined)?.[member];
}

function codesOf(shape: string): string[] {
  return [...((memberOf(shape, 'code')?.['enum'] ?? []) as string[])];
}
