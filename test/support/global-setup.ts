import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadCatalogue } from '../../src/core/catalogue/index.js';
import { openPool } from '../../src/database/connection.js';
import { startEmbeddedServer } from '../../src/database/embedded/index.js';
import { migrate } from '../../src/database/migrate.js';
import { systemClock } from '../../src/lib/clock.js';

declare module 'vitest' {
  export interface ProvidedContext {
    adminUrl: string;
    templateName: string;
  }
}

const silent = { info: () => undefined, warn: () => undefined };

/**
 * One PostgreSQL for the whole run: the server of DATABASE_URL, or an embedded one in a temporary folder. A template
 * with schema and catalogue is made once; every test file clones it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['DATABASE_URL'];
  const folder = external ? undefined : await mkdtemp(join(tmpdir(), 'numex-test-'));
  const server = folder
    ? await startEmbeddedServer({
        dataFolder: folder,
        logger: silent,
        // Losing the machine loses only test data; the tests that kill servers use clusters of their own.
        settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '256MB', max_connections: '200' },
      })
    : undefined;
  const adminUrl = external ?? server?.url ?? '';
  const templateName = `numex_template_${process.pid}`;
  const cleanUp = async (): Promise<void> => {
    await onAdmin(adminUrl, (sql) => sql.unsafe(`drop database if exists ${templateName} with (force)`));
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(adminUrl, templateName);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  project.provide('adminUrl', adminUrl);
  project.provide('templateName', templateName);
  return cleanUp;
}

async function makeTemplate(adminUrl: string, templateName: string): Promise<void> {
  await onAdmin(adminUrl, async (sql) => {
    await sql.unsafe(`drop database if exists ${templateName}`);
    await sql.unsafe(`create database ${templateName}`);
  });
  const template = openPool({
    url: databaseUrl(adminUrl, templateName),
    connectionsMax: 1,
    applicationName: 'template',
  });
  await migrate(template);
  await loadCatalogue(template, systemClock);
  await template`vacuum analyze`;
  await template.end();
}

async function onAdmin(
  url: string,
  work: (sql: ReturnType<typeof openPool>) => Promise<unknown>,
): Promise<void> {
  const sql = openPool({ url, connectionsMax: 1, applicationName: 'numex-test-admin' });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
