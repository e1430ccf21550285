import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

/** The import rules as they would judge this line in this file. */
async function complaintsAbout(filePath: string, line: string): Promise<string[]> {
  const eslint = new ESLint({
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } }],
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
  });
  const [result] = await eslint.lintText(`${line}\n`, { filePath });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

const forbidden: [string, string][] = [
  ['src/lib/money.ts', "import '../core/errors.js';"],
  ['src/database/pool.ts', "import '../core/errors.js';"],
  ['src/core/numbers/verb.ts', "import '../../http/server.js';"],
  ['src/core/numbers/verb.ts', "import '../../dialects/numex/index.js';"],
  ['src/http/server.ts', "import '../database/connection.js';"],
  ['src/http/server.ts', "import '../dialects/twochat/index.js';"],
  ['src/dialects/twochat/groups/routes.ts', "import '../../../core/catalogue/store.js';"],
  ['src/dialects/twochat/groups/routes.ts', "import '../../numex/ids.js';"],
  ['src/dialects/twochat/groups/routes.ts', "import '../../../database/connection.js';"],
  ['src/cli/verify.ts', "import '../core/ledger/store.js';"],
];

const allowed: [string, string][] = [
  ['src/core/numbers/verb.ts', "import '../../database/connection.js';"],
  ['src/dialects/twochat/groups/routes.ts', "import '../../../core/catalogue/index.js';"],
  ['src/dialects/twochat/groups/routes.ts', "import '../../../http/exchange.js';"],
  ['src/http/failure.ts', "import '../core/errors.js';"],
];

describe('the import direction', () => {
  it.each(forbidden)('%s may not %s', async (file, line) => {
    expect(await complaintsAbout(file, line)).toEqual(['no-restricted-imports']);
  });

  it.each(allowed)('%s may %s', async (file, line) => {
    expect(await complaintsAbout(file, line)).toEqual([]);
  });
});
