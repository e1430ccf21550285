import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const strict: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  types: ['node'],
};

let server: TestServer;
let folder: string;
let program: ts.Program;

beforeAll(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), 'numex-client-'));
  await symlink(here('../../node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const document = await ask(server.url, undefined, 'GET', '/openapi.json');
  const types = await openapiTypes(JSON.stringify(document.body), { silent: true });
  await writeFile(join(folder, 'api.d.ts'), astToString(types));
  const source = join(folder, 'journey.ts');
  await writeFile(source, await readFile(here('generated-client/journey.ts.txt'), 'utf8'));
  program = ts.createProgram([source], strict);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a client generated from the served document', () => {
  it('compiles in strict mode and goes from a search to the undo of a release', async () => {
    const faults = [...ts.getPreEmitDiagnostics(program)];
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    program.emit();
    const { apiKey } = await server.createTenant({ balances: { USD: 100_000 } });
    await server.addNumbers(Array.from({ length: 5 }, (_, index) => `+1213558000${index}`));
    const run = await promisify(execFile)(process.execPath, [join(folder, 'journey.js'), server.url, apiKey]);
    expect(JSON.parse(run.stdout)).toEqual({
      rentals: 5,
      refused: 'order_refused',
      released: 'pending_release',
      undone: 'active',
      assignedTo: ['agent'],
    });
  });
});
