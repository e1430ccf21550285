import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IFlattenedRuleSet;

/** Imports that must be refused, by the rule that refuses them. */
const forbidden: [from: string, to: string, rule: string][] = [
  ['src/lib/money.ts', 'src/core/errors.ts', 'lib-imports-only-what-is-below'],
  ['src/database/pool.ts', 'src/core/errors.ts', 'database-imports-only-what-is-below'],
  ['src/core/sales/verb.ts', 'src/http/server.ts', 'core-imports-only-what-is-below'],
  ['src/core/stock/verb.ts', 'src/dialects/numex/index.ts', 'core-imports-only-what-is-below'],
  ['src/http/server.ts', 'src/database/connection.ts', 'http-imports-only-what-is-below'],
  ['src/http/server.ts', 'src/dialects/twochat/index.ts', 'http-imports-only-what-is-below'],
  ['src/dialects/twochat/routes.ts', 'src/database/connection.ts', 'dialects-imports-only-what-is-below'],
  ['src/jobs/renew.ts', 'src/server/app.ts', 'jobs-imports-only-what-is-below'],
  ['src/dialects/twochat/routes.ts', 'src/dialects/numex/ids.ts', 'dialects-do-not-know-each-other'],
  ['src/dialects/twochat/routes.ts', 'src/core/catalogue/store.ts', 'a-domain-is-seen-by-its-face'],
  ['src/cli/verify.ts', 'src/core/ledger/transfer-pages-store.ts', 'a-domain-is-seen-by-its-face'],
  ['src/core/rentals/verb.ts', 'src/core/sales/reservation-store.ts', 'a-domain-is-seen-by-its-face'],
  ['src/core/rentals/verb.ts', 'src/core/sales/desk/judge.ts', 'a-domain-is-seen-by-its-face'],
  ['src/core/stock/verb.ts', 'src/core/sales/index.ts', 'stock-imports-only-domains-below'],
  ['src/core/authority/standing.ts', 'src/core/accounts/index.ts', 'authority-imports-only-domains-below'],
  ['src/core/ledger/verb.ts', 'src/core/catalogue/index.ts', 'ledger-imports-only-domains-below'],
  ['src/core/context.ts', 'src/core/compliance/index.ts', 'shared-words-import-no-domain'],
  ['src/core/sales/verb.ts', 'src/core/surprises/index.ts', 'a-domain-is-in-the-order'],
];

const allowed: [from: string, to: string][] = [
  ['src/core/sales/verb.ts', 'src/database/connection.ts'],
  ['src/core/rentals/verb.ts', 'src/core/sales/index.ts'],
  ['src/core/context.ts', 'src/core/authority/index.ts'],
  ['src/core/sales/desk/judge.ts', 'src/core/sales/reservation-store.ts'],
  ['src/dialects/twochat/routes.ts', 'src/core/catalogue/index.ts'],
  ['src/dialects/twochat/routes.ts', 'src/http/exchange.ts'],
  ['src/http/failure.ts', 'src/core/errors.ts'],
  ['src/server/app.ts', 'src/dialects/twochat/index.ts'],
];

interface Complaint {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

/** A file of its own for each import, so that one complaint says which import it is about. */
function importer(from: string, index: number): string {
  return from.replace(/\.ts$/, `-${index}.ts`);
}

async function complaintsAbout(
  root: string,
  imports: readonly (readonly [from: string, to: string])[],
): Promise<Complaint[]> {
  const files = new Map<string, string>();
  for (const [, to] of imports) files.set(to, 'export {};\n');
  for (const [index, [from, to]] of imports.entries()) {
    const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
    files.set(importer(from, index), `import '${path.startsWith('.') ? path : `./${path}`}';\n`);
  }
  for (const [name, text] of files) {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const { output } = await cruise(['src'], {
    baseDir: root,
    ruleSet: rules,
    validate: true,
    tsPreCompilationDeps: true,
  });
  return (output as ICruiseResult).summary.violations.map(({ from, to, rule }) => ({
    from,
    to,
    rule: rule.name,
  }));
}

describe('the import rules', () => {
  let root: string;
  let complaints: Complaint[];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'numex-imports-'));
    complaints = await complaintsAbout(
      root,
      [...forbidden, ...allowed].map(([from, to]) => [from, to]),
    );
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(forbidden.map((row, index) => [...row, index] as const))(
    '%s may not import %s (%s)',
    (from, to, rule, index) => {
      const about = complaints.filter((complaint) => complaint.from === importer(from, index));
      expect(about.map((complaint) => complaint.rule)).toContain(rule);
      expect(about.map((complaint) => complaint.to)).toContain(to);
    },
  );

  it.each(allowed.map((row, index) => [...row, forbidden.length + index] as const))(
    '%s may import %s',
    (from, _to, index) => {
      expect(complaints.filter((complaint) => complaint.from === importer(from, index))).toEqual([]);
    },
  );

  it('refuse two files that import each other', async () => {
    const apart = await mkdtemp(join(tmpdir(), 'numex-circle-'));
    try {
      await mkdir(join(apart, 'src/lib'), { recursive: true });
      await writeFile(join(apart, 'src/lib/one.ts'), "import './two.js';\n");
      await writeFile(join(apart, 'src/lib/two.ts'), "import './one.js';\n");
      const { output } = await cruise(['src'], { baseDir: apart, ruleSet: rules, validate: true });
      const names = (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
      expect(new Set(names)).toEqual(new Set(['no-circles']));
    } finally {
      await rm(apart, { recursive: true, force: true });
    }
  });
});
