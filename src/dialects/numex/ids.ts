import { domainError } from '../../core/errors.js';
import type { ResourceKind } from '../../core/errors.js';
import { numberIdOf, readNumberId, spellNumberId } from '../../core/number-id.js';
import type { Environment } from '../../core/context.js';
import { idNamed, namesFrom, wordIds } from '../../http/ids.js';
import type { NameThing } from '../../http/ids.js';
import { parseE164Lenient } from '../../lib/e164.js';

/** Ids of the own API: a prefix that tells the kind, and the row's id. */
const spellings = {
  rental: wordIds('ren_'),
  reservation: wordIds('res_'),
  order: wordIds('ord_'),
  key: wordIds('key_'),
  agent: wordIds('agent_'),
  trunk: wordIds('trunk_'),
  application: wordIds('app_'),
  address: wordIds('addr_'),
  document: wordIds('doc_'),
  entry: wordIds('aud_'),
  endpoint: wordIds('whe_'),
  delivery: wordIds('dlv_'),
  event: wordIds('evt_'),
  clock: wordIds('clock_'),
  price_list: wordIds('prl_'),
  price_rule: wordIds('prr_'),
} as const;
type Kind = keyof typeof spellings;

export function spellId(kind: Kind, id: number): string {
  return spellings[kind].spell(id);
}

/** The id of whatever a record is about: by its kind where the kind has ids of its own, else the bare row id. */
export function spellSubject(kind: string, id: number): string {
  return Object.hasOwn(spellings, kind) ? spellId(kind as Kind, id) : String(id);
}

/** Raises not_found for what is no id of that kind. */
export function readId(kind: Kind & ResourceKind, text: string): number {
  return idNamed(spellings[kind], kind, text);
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

/** An assignment is its rental's. */
export const nameOf: NameThing = namesFrom({ ...spellings, assignment: spellings.rental });
