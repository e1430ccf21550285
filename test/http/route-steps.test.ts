import { describe, expect, it } from 'vitest';
import type { RootContext } from '../../src/core/context.js';
import { uploadGate, wireRoute } from '../../src/http/route.js';
import { answerBySteps } from '../../src/http/wire.js';
import type { Asked, WireRoute } from '../../src/http/wire.js';
import { dialects } from '../../src/server/dialects.js';

const at = { method: 'GET', path: '/things' } as const;
const asked: Asked = { query: {}, params: {}, body: { name: 'x' }, account: undefined, requestId: 'req_1' };
const ctx = { requestId: 'req_1' } as RootContext;

const steps = { ...at, read: same, verb, render: same };
const handler = (given: RootContext, request: Asked) => Promise.resolve([given, request]);
const greedy = {
  read: (request: Asked, given: RootContext) => [request, given],
  verb: (_call: object, request: Asked) => Promise.resolve(request),
  render: (_made: unknown, _asked: Asked, given: RootContext) => given,
};

/** The type checker proves these: each would see a context and the request. */
export const refusedByTypes = [
  // @ts-expect-error a route has three steps, and no handler beside them
  { ...at, answer: handler } satisfies WireRoute,
  // @ts-expect-error `read` is given the request alone
  wireRoute({ ...steps, read: greedy.read }),
  // @ts-expect-error `verb` is given a context and what `read` made
  wireRoute({ ...steps, verb: greedy.verb }),
  // @ts-expect-error `render` is given the result and the request
  wireRoute({ ...steps, render: greedy.render }),
  // @ts-expect-error whether a file may come is asked in two steps
  wireRoute({ ...steps, admitUpload: handler }),
];

function verb({ input }: { readonly input: unknown }): Promise<unknown> {
  return Promise.resolve(input);
}

function same(value: unknown): unknown {
  return value;
}

function functionsOf(value: object): string[] {
  const entries = Object.entries(value) as [string, unknown][];
  return entries.flatMap(([name, member]) => (typeof member === 'function' ? [name] : [])).sort();
}

describe('a route', () => {
  const routes = dialects().flatMap(({ name, routes: own }) => own.map((route) => ({ name, route })));

  it.each(dialects().map(({ name }) => name))('of %s has three steps and no other handler', (dialect) => {
    const own = routes.filter(({ name }) => name === dialect);
    const others = own.filter(({ route }) => functionsOf(route).join() !== 'read,render,verb');
    expect(own.length).toBeGreaterThan(0);
    expect(others.map(({ route }) => [route.method, route.path, functionsOf(route)])).toEqual([]);
  });

  it('that takes a file asks for it in two steps', () => {
    const gates = routes.flatMap(({ route }) => (route.admitUpload ? [route.admitUpload] : []));
    expect(gates.length).toBeGreaterThan(0);
    for (const gate of gates) expect(functionsOf(gate)).toEqual(['read', 'verb']);
  });

  it('gives its verb what it has read, and renders what comes of it', async () => {
    const route = wireRoute({
      ...at,
      read: ({ body }) => ({ thing: body }),
      verb: ({ ctx: given, input }) => Promise.resolve({ ...input, by: given.requestId }),
      render: (made, { params }) => ({ made, params }),
    });
    const made = { thing: { name: 'x' }, by: 'req_1' };
    expect(await answerBySteps(route, ctx, asked)).toEqual({ made, params: {} });
  });

  it('that hands the request itself to its verb is a fault', async () => {
    const route = wireRoute({ ...at, read: (request) => request, verb, render: same });
    await expect(answerBySteps(route, ctx, asked)).rejects.toThrow('core words');
  });

  it('has a gate for files whose verb gets what was read of the path', () => {
    const gate = uploadGate({
      read: ({ params }) => ({ family: Number(params['family']) }),
      verb: ({ input }) => Promise.resolve(input),
    });
    expect(gate.read({ params: { family: '7' } })).toEqual({ family: 7 });
    expect(functionsOf(gate)).toEqual(['read', 'verb']);
  });
});
