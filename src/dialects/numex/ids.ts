import { domainError } from '../../core/errors.js';
import type { ResourceKind } from '../../core/errors.js';
import { numberIdOf, readNumberId, spellNumberId } from '../../core/number-id.js';
import type { Environment } from '../../core/context.js';
import { readWord, spellWord } from '../../lib/ids.js';
import { parseE164Lenient } from '../../lib/e164.js';

/** Ids of the own API: a prefix that tells the kind, and the row's id. */
const prefixes = {
  rental: 'ren_',
  reservation: 'res_',
  order: 'ord_',
  key: 'key_',
  agent: 'agent_',
  trunk: 'trunk_',
  application: 'app_',
  address: 'addr_',
  document: 'doc_',
  entry: 'aud_',
  endpoint: 'whe_',
  delivery: 'dlv_',
  event: 'evt_',
  clock: 'clock_',
} as const;
type Kind = keyof typeof prefixes;

export function spellId(kind: Kind, id: number): string {
  return spellWord(prefixes[kind], id);
}

/** The id of whatever a record is about: by its kind where the kind has ids of its own, else the bare row id. */
export function spellSubject(kind: string, id: number): string {
  return Object.hasOwn(prefixes, kind) ? spellId(kind as Kind, id) : String(id);
}

/** Raises not_found for what is no id of that kind. */
export function readId(kind: Kind & ResourceKind, text: string): number {
  const id = readWord(prefixes[kind], text);
  if (id === undefined) throw domainError('not_found', { kind, id: text });
  return id;
}

export { spellNumberId };

/** A number by its id or in E.164. Raises not_found. */
export function readNumber(text: string, environment: Environment): number {
  const byId = readNumberId(text, environment);
  if (byId !== undefined) return byId;
  const digits = parseE164Lenient(text);
  if (digits === undefined) throw domainError('not_found', { kind: 'number', id: text });
  return numberIdOf(digits, environment);
}
