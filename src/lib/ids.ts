import { createHash, randomBytes, randomInt } from 'node:crypto';
import { assert } from './assert.js';

/**
 * One bigint, many spellings. A row has one integer id; a wire that wants a prefix, a UUID or an opaque word gets a
 * reversible spelling of it, so that no surface has to store ids of its own.
 */

/** An integer as a prefix and base 36: `num_` and a number's digits, `ren_` and a rental's row id. */
export function spellWord(prefix: string, id: number): string {
  assert(Number.isSafeInteger(id) && id >= 0, 'an id is a non-negative safe integer');
  return prefix + id.toString(36);
}

/** Reads what spellWord wrote, exactly: other spellings of the same integer are refused. */
export function readWord(prefix: string, text: string): number | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const digits = text.slice(prefix.length);
  if (!/^[0-9a-z]{1,11}$/.test(digits)) return undefined;
  const id = parseInt(digits, 36);
  return Number.isSafeInteger(id) && spellWord(prefix, id) === text ? id : undefined;
}

/** Tags that keep the UUIDs of different kinds apart; the sixteen bits in front of the version. */
const uuidKinds = {
  account: 0xacc0,
  group: 0x6e0f,
  number: 0x40de,
  rental: 0x4e4a,
  reservation: 0x5e5e,
  snapshot: 0x54a9,
  transfer: 0x7a5f,
  trunk: 0x7a4b,
  wallet: 0x3a11,
} as const;
export type UuidKind = keyof typeof uuidKinds;

/** A version 8 UUID (RFC 9562, section 5.8) that carries the kind and the integer id. */
export function spellUuid(kind: UuidKind, id: number): string {
  assert(Number.isSafeInteger(id) && id >= 0, 'an id is a non-negative safe integer');
  const mixed = mixer(kind);
  const hex = (BigInt(id) ^ mixed).toString(16).padStart(14, '0');
  const tag = uuidKinds[kind].toString(16);
  return `${hex.slice(0, 8)}-${tag}-8${hex.slice(8, 11)}-a${hex.slice(11, 14)}-${check(kind, id)}`;
}

/** Reads what spellUuid wrote for this kind, in either case of letters. */
export function readUuid(kind: UuidKind, text: string): number | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-a([0-9a-f]{3})-[0-9a-f]{12}$/i.exec(text);
  if (!match) return undefined;
  const [, high = '', , middle = '', low = ''] = match;
  const id = Number(BigInt(`0x${high}${middle}${low}`) ^ mixer(kind));
  return Number.isSafeInteger(id) && spellUuid(kind, id) === text.toLowerCase() ? id : undefined;
}

/** A fixed pattern per kind, so that neighbouring kinds with equal integers do not look alike. */
function mixer(kind: UuidKind): bigint {
  return (BigInt(uuidKinds[kind]) * 0x9e3779b97f4a7n) & 0xffffffffffffffn;
}

/** Twelve hex digits that follow from kind and id (FNV-1a), so that a mistyped UUID is not another row's. */
function check(kind: UuidKind, id: number): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`${kind}:${id}`)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return (hash & 0xffffffffffffn).toString(16).padStart(12, '0');
}

const numericFirst = 10_000_000_000_000_000n;
const numericCount = 9n * numericFirst;
/** Without a common factor with the count, and its inverse modulo the count: every id has one spelling. */
const numericSpread = 31415926535897933n;
const numericInverse = 71970279685598597n;

/** An integer as 17 digits that look drawn at random, for wires whose ids are long numbers. */
export function spellNumeric(id: number): string {
  assert(Number.isSafeInteger(id) && id >= 0, 'an id is a non-negative safe integer');
  return String(numericFirst + ((BigInt(id) * numericSpread) % numericCount));
}

/** Reads what spellNumeric wrote; undefined for anything else. */
export function readNumeric(text: string): number | undefined {
  if (!/^[1-9]\d{16}$/.test(text)) return undefined;
  const id = Number(((BigInt(text) - numericFirst) * numericInverse) % numericCount);
  return Number.isSafeInteger(id) ? id : undefined;
}

const readableLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** An account's public id: `MA_` for a master account, `SA_` for a sub-account, then ten unambiguous characters. */
export function newAccountId(kind: 'MA' | 'SA'): string {
  let text = `${kind}_`;
  for (let i = 0; i < 10; i++) text += readableLetters.charAt(randomInt(readableLetters.length));
  return text;
}

/** What a key is for, readable from its first letters; people and secret scanners look there, the server does not. */
export type ApiKeyPrefix = 'nx_live_' | 'nx_test_' | 'nx_admin_' | 'nx_agent_' | typeof accessTokenPrefix;

/** An access token is a key that ends by itself. */
export const accessTokenPrefix = 'nx_token_';

/** A new API key: a prefix and 192 random bits as 48 hex digits. */
export function newApiKey(prefix: ApiKeyPrefix): string {
  return prefix + randomBytes(24).toString('hex');
}

/**
 * The digest under which a key is stored: SHA-256. The secret has 192 random bits, so a plain fast hash is enough.
 * Undefined for what cannot be a key of ours.
 */
export function apiKeyDigest(key: string): Buffer | undefined {
  return /^nx_(live|test|admin|agent|token)_[0-9a-f]{48}$/.test(key)
    ? createHash('sha256').update(key).digest()
    : undefined;
}

export function newRequestId(): string {
  return `req_${randomBytes(12).toString('base64url')}`;
}
