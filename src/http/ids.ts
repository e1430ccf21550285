import type { FastifyRequest } from 'fastify';
import { domainError, respelled } from '../core/errors.js';
import type { DomainError, ResourceKind } from '../core/errors.js';
import { readNumeric, readUuid, readWord, spellNumeric, spellUuid, spellWord } from '../lib/ids.js';
import type { UuidKind } from '../lib/ids.js';

/** One way to spell row ids; `read` undoes `spell` and gives undefined for anything else. */
export interface IdSpelling {
  readonly spell: (rowId: number) => string;
  readonly read: (text: string) => number | undefined;
}

/** A prefix and base 36, such as `ren_9x`. */
export function wordIds(prefix: string): IdSpelling {
  return { spell: (id) => spellWord(prefix, id), read: (text) => readWord(prefix, text) };
}

/** A UUID that carries the kind, behind a few letters where the wire has some. */
export function uuidIds(kind: UuidKind, lead = ''): IdSpelling {
  return {
    spell: (id) => lead + spellUuid(kind, id),
    read: (text) => (text.startsWith(lead) ? readUuid(kind, text.slice(lead.length)) : undefined),
  };
}

/** 17 digits. */
export const longNumberIds: IdSpelling = { spell: spellNumeric, read: readNumeric };

const integer = /^[1-9]\d{0,15}$/;

/** The row id itself. */
export const plainIds: IdSpelling = {
  spell: String,
  read: (text) => (integer.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
};

/** The first spelling is written, all of them are read. */
export function eitherIds(first: IdSpelling, ...others: readonly IdSpelling[]): IdSpelling {
  const all = [first, ...others];
  return {
    spell: first.spell,
    read: (text) => all.map(({ read }) => read(text)).find((id) => id !== undefined),
  };
}

/**
 * What a wire calls the thing that an error names: by its row id, or by words of the core's. Undefined where the wire has
 * no name for it.
 */
export type NameThing = (
  kind: ResourceKind,
  id: string | number,
  request: FastifyRequest,
) => string | undefined;

export type IdTable = Readonly<Partial<Record<ResourceKind, IdSpelling>>>;

/** Reads the id of a kind. Raises not_found for what is no such id. */
export function idNamed(spelling: IdSpelling, kind: ResourceKind, text: string): number {
  const id = spelling.read(text);
  if (id === undefined) throw domainError('not_found', { kind, id: text });
  return id;
}

/** Names by a table of spellings: as the request's path spells the row, or in the table's first spelling. */
export function namesFrom(table: IdTable): NameThing {
  return (kind, id, request) => {
    const spelling = table[kind];
    if (typeof id === 'string' || !spelling) return typeof id === 'string' ? id : undefined;
    const given = Object.values(request.params as Readonly<Record<string, string>>);
    return given.find((text) => spelling.read(text) === id) ?? spelling.spell(id);
  };
}

/** The failure with the thing that it names as the wire names it: no answer has a row id that the wire does not use. */
export function inWireNames(failure: DomainError, name: NameThing, request: FastifyRequest): DomainError {
  return respelled(failure, (kind, id) => name(kind, id, request) ?? (typeof id === 'string' ? id : ''));
}
