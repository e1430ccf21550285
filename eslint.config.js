import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The import direction of docs/architecture.md, as data: which folder may not reach into which.
 * lib <- database <- core <- dialects | jobs | cli <- main, and lib <- http <- dialects.
 */
const layers = [
  { from: 'src/lib', never: ['database', 'core', 'http', 'dialects', 'suppliers', 'jobs', 'cli'] },
  { from: 'src/database', never: ['core', 'http', 'dialects', 'suppliers', 'jobs', 'cli'] },
  { from: 'src/core', never: ['http', 'dialects', 'jobs', 'cli'] },
  { from: 'src/documents', never: ['database', 'http', 'dialects', 'suppliers', 'jobs', 'cli'] },
  { from: 'src/http', never: ['database', 'dialects', 'suppliers', 'jobs', 'cli'] },
  { from: 'src/suppliers', never: ['http', 'dialects', 'jobs', 'cli'] },
  { from: 'src/jobs', never: ['http', 'dialects', 'cli'] },
  { from: 'src/cli', never: ['http', 'dialects', 'jobs'] },
  { from: 'src/dialects', never: ['database', 'jobs', 'cli'] },
];

/** A surface sees a domain only by its face (index.ts), never its SQL. */
const surfaces = ['src/http', 'src/dialects', 'src/jobs', 'src/cli'];

const dialects = ['numex', 'piopiy', 'twochat', 'staffify', 'vobiz'];

const restrict = (files, patterns) => ({
  files: files.map((folder) => `${folder}/**/*.ts`),
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const layerPatterns = ({ never }) =>
  never.map((folder) => ({
    regex: `^(\\.\\./)+(src/)?${folder}/`,
    message: `This layer may not import ${folder}/ (docs/architecture.md, "Who may import whom").`,
  }));

const storePattern = {
  regex: '(^|/)store\\.js$',
  message: 'SQL stays behind the domain: import its index.ts, not its store.ts.',
};

export default tseslint.config(
  { ignores: ['dist', 'data', 'node_modules', 'catalogue/output', '**/*.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...layers.map((layer) => {
    const isSurface = surfaces.includes(layer.from);
    return restrict([layer.from], [...layerPatterns(layer), ...(isSurface ? [storePattern] : [])]);
  }),
  ...dialects.map((name) =>
    restrict(
      [`src/dialects/${name}`],
      [
        ...layerPatterns({ never: ['database', 'jobs', 'cli'] }),
        storePattern,
        ...dialects
          .filter((other) => other !== name)
          .map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            message: 'A dialect never imports another dialect.',
          })),
      ],
    ),
  ),
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 500 }] },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
