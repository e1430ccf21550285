import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poster } from '../../src/http/outgoing/poster.js';
import { Receiver } from '../support/webhook-receiver.js';

let receiver: Receiver;

beforeEach(async () => {
  receiver = await new Receiver().listen();
});
afterEach(() => receiver.close());

describe('targets that are not public', () => {
  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])(
    'are refused when a URL spells them as %s',
    async (host) => {
      const post = poster({ allowPrivate: false });
      const outcome = await post({ url: `http://${host}:${receiver.port}/`, headers: {}, body: '{}' });
      expect(outcome).toEqual({ kind: 'failed', reason: 'The target is not a public address' });
      expect(receiver.received).toEqual([]);
    },
  );

  it('may be reached where the operator allows it, by name too', async () => {
    const post = poster({ allowPrivate: true });
    const url = `http://localhost:${receiver.port}/x`;
    expect(await post({ url, headers: {}, body: '{}' })).toMatchObject({ kind: 'answered', status: 200 });
    expect(receiver.received).toMatchObject([{ path: '/x', body: '{}' }]);
  });

  it.each([['127.0.0.1'], ['::ffff:127.0.0.1'], ['10.0.0.1'], ['::1'], ['64:ff9b::7f00:1']])(
    'are refused when a public name resolves to %s',
    async (address) => {
      const post = poster({ allowPrivate: false, resolve: () => Promise.resolve([address]) });
      const outcome = await post({ url: `http://hook.example:${receiver.port}/`, headers: {}, body: '{}' });
      expect(outcome).toEqual({ kind: 'failed', reason: 'The target is not a public address' });
      expect(receiver.received).toEqual([]);
    },
  );

  it('cannot be slipped in by a second resolution: there is one, and its answer is connected to', async () => {
    let asked = 0;
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    const resolve = (): Promise<string[]> => Promise.resolve(answers[asked++] ?? []);
    const post = poster({ allowPrivate: true, resolve });
    const url = `http://hook.example:${receiver.port}/`;
    expect(await post({ url, headers: {}, body: '{}' })).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`hook.example:${receiver.port}`);
  });

  it('are refused when a name has several and none of them is public', async () => {
    const post = poster({
      allowPrivate: false,
      timeoutMilliseconds: 300,
      resolve: () => Promise.resolve(['127.0.0.1', '240.0.0.1']),
    });
    const outcome = await post({ url: `http://hook.example:${receiver.port}/`, headers: {}, body: '{}' });
    expect(outcome).toEqual({ kind: 'failed', reason: 'The target is not a public address' });
    expect(receiver.received).toEqual([]);
  });

  it('and names that do not exist, or whose servers keep silent, are failures like others', async () => {
    const message = { url: 'http://hook.example/', headers: {}, body: '{}' };
    const nowhere = poster({ allowPrivate: true, resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await nowhere(message)).toEqual({
      kind: 'failed',
      reason: 'The name of the target could not be resolved',
    });
    const silent = poster({
      allowPrivate: true,
      timeoutMilliseconds: 50,
      resolve: () => new Promise(() => undefined),
    });
    expect(await silent(message)).toEqual({ kind: 'failed', reason: 'No full answer within 0.05 s' });
  });
});
