import { setPolicy } from '../../src/core/policies/index.js';
import type { TestServer } from './server.js';

/** How long numbers of the live environment rest after a rental, from now on. */
export async function setQuarantine(server: TestServer, seconds: number): Promise<void> {
  const input = { name: 'quarantine_seconds', environment: 'live', value: seconds } as const;
  await setPolicy({ ctx: server.operator(), input });
}
