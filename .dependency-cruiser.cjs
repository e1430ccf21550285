/**
 * Who may import whom (docs/architecture.md). Layers, domains of the core and dialects each have an order; a domain is
 * seen by its index.ts alone, and no file takes part in a circle.
 */

/** Each folder may import those before it. */
const layers = ['lib', 'database', 'core', 'documents', 'http', 'dialects', 'jobs', 'server', 'cli'];

/** What a layer may not import although it comes before. */
const exceptions = {
  documents: ['database'],
  http: ['database', 'documents'],
  dialects: ['database', 'documents'],
  jobs: ['http', 'dialects', 'documents'],
  cli: ['http', 'dialects', 'jobs', 'documents'],
};

/** The core's domains, lowest first. Beside one another in a row means: neither imports the other. */
const domains = [
  ['authority'],
  ['audit', 'idempotency', 'limits', 'line-file'],
  ['accounts', 'ledger', 'catalogue'],
  ['policies'],
  ['billing', 'compliance', 'routing', 'usage', 'webhooks'],
  ['stock'],
  ['sales'],
  ['rentals'],
  ['clocks', 'vitals', 'verify'],
];

/** Files of the core that belong to no domain: the words that all domains share. */
const sharedWords = '^src/core/[^/]+[.]ts$';

const layerRules = layers.map((layer, index) => {
  const forbidden = [...layers.slice(index + 1), ...(exceptions[layer] ?? [])];
  return {
    name: `${layer}-imports-only-what-is-below`,
    severity: 'error',
    comment: 'docs/architecture.md, "Who may import whom"',
    from: { path: `^src/${layer}/` },
    to: { path: `^src/(${forbidden.join('|') || 'nothing'})/` },
  };
});

const domainRules = domains.flatMap((row, index) =>
  row.map((domain) => {
    const beside = row.filter((other) => other !== domain);
    const above = domains.slice(index + 1).flat();
    return {
      name: `${domain}-imports-only-domains-below`,
      severity: 'error',
      comment: 'the core\'s domains have an order (docs/architecture.md, "Domains")',
      from: { path: `^src/core/${domain}/` },
      to: { path: `^src/core/(${[...beside, ...above].join('|') || 'nothing'})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...layerRules,
    ...domainRules,
    {
      name: 'shared-words-import-no-domain',
      severity: 'error',
      comment: 'context.ts, ports.ts, errors.ts and their like stand below every domain but authority',
      from: { path: sharedWords },
      to: { path: '^src/core/[^/]+/', pathNot: '^src/core/authority/index[.]ts$' },
    },
    {
      name: 'a-domain-is-in-the-order',
      severity: 'error',
      comment: 'a new domain has to be given its place in .dependency-cruiser.cjs',
      from: {},
      to: { path: '^src/core/[^/]+/', pathNot: `^src/core/(${domains.flat().join('|')})/` },
    },
    {
      name: 'a-domain-is-seen-by-its-face',
      severity: 'error',
      comment: 'from outside, a domain is its index.ts: no store, no deep import',
      from: { path: '^src/(?!core/)|^src/core/([^/]+)/' },
      to: { path: '^src/core/[^/]+/', pathNot: '^src/core/($1)/|^src/core/[^/]+/index[.]ts$' },
    },
    {
      name: 'dialects-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/dialects/([^/]+)/' },
      to: { path: '^src/dialects/[^/]+/', pathNot: '^src/dialects/$1/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts'] },
  },
};
