import type { WireRoute } from '../../http/wire.js';

/** How the name of an operation may begin. A new action of the API needs its verb here. */
export const operationVerbs = [
  ...['list', 'get', 'search', 'check', 'find', 'explain', 'preview', 'download', 'export', 'count'],
  ...['create', 'add', 'import', 'upload', 'clone', 'set', 'update', 'rename', 'replace', 'clear'],
  ...['delete', 'remove', 'revoke', 'rotate', 'cancel', 'extend', 'buy', 'release', 'reclaim', 'reprice'],
  ...['move', 'give', 'take', 'assign', 'unassign', 'attach', 'detach', 'withdraw', 'return', 'end'],
  ...['deposit', 'refund', 'adjust', 'pay', 'receive', 'record', 'submit', 'decide', 'block', 'unblock'],
  ...['close', 'reopen', 'send', 'test', 'replay', 'advance', 'start', 'stop', 'apply', 'verify'],
] as const;

/** A verb and a noun in camel case: `releaseRental`. */
export type OperationId = `${(typeof operationVerbs)[number]}${Capitalize<string>}`;

type Method = WireRoute['method'];

const verbOfMethod = { POST: 'create', PUT: 'set', PATCH: 'update', DELETE: 'delete' } as const;

/**
 * The name that an operation has when its route gives none: `GET /agents` is `listAgents`, `POST /addresses/:address/submit`
 * is `submitAddress`. `isList` says whether the answer is a list.
 */
export function operationIdOf(method: Method, path: string, isList: boolean): string {
  const parts = path.split('/').filter((part) => part !== '');
  const nouns = parts.filter((part) => !part.startsWith(':'));
  const last = nouns.at(-1) ?? '';
  const ofOne = parts.at(-1)?.startsWith(':') === true;
  const before = nouns.slice(0, -1).map(singular);
  const [action = '', ...object] = last.split('-');
  if (method === 'POST' && before.length > 0 && isVerb(action)) {
    return camel([action, ...before.slice(-1), ...object]);
  }
  if (method === 'GET')
    return isList ? camel(['list', ...before, last]) : camel(['get', ...before, singularIf(ofOne, last)]);
  return camel([verbOfMethod[method], ...before, singularIf(ofOne || method === 'POST', last)]);
}

function isVerb(word: string): boolean {
  return (operationVerbs as readonly string[]).includes(word);
}

function singularIf(condition: boolean, noun: string): string {
  return condition ? singular(noun) : noun;
}

/** One of what a plural noun names. */
export function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  if (/(ss|sh|ch|x)es$/.test(noun)) return noun.slice(0, -2);
  return /[^su]s$/.test(noun) ? noun.slice(0, -1) : noun;
}

/** `['list', 'test-clocks']` as `listTestClocks`. */
function camel(words: readonly string[]): string {
  const [first = '', ...rest] = words.join('-').split(/[-_]/);
  return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}
