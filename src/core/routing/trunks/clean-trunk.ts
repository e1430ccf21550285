import { textFault } from '../../../lib/text.js';
import { domainError } from '../../errors.js';
import { cleanTargetName } from '../names.js';
import { isWebAddress } from '../web-address.js';
import type { TrunkFields, TrunkSettings } from './store.js';

export const concurrentCallsLimit = 10_000;
export const callsPerSecondLimit = 1000;
export const trunkTextLengthMax = 500;
export const allowedAddressesMax = 100;
const domainLengthMax = 253;

/** What is decided of a new trunk where nothing is said. */
export const usualTrunk = {
  direction: 'inbound',
  description: '',
  concurrentCallsMax: 10,
  callsPerSecondMax: 2,
  enabled: true,
  settings: {},
} as const satisfies Partial<TrunkFields>;

/** Changes of settings; null takes away what is set. */
export type TrunkSettingChanges = {
  readonly [K in keyof TrunkSettings]?: TrunkSettings[K] | null;
};

/** Lays changes over settings. */
export function settingsAfter(before: TrunkSettings, changes: TrunkSettingChanges = {}): TrunkSettings {
  const entries: [string, unknown][] = Object.entries({ ...before, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}

/** Raises invalid_input, with the core's name of the field. */
export function cleanTrunk(fields: TrunkFields): TrunkFields {
  const { domain, description, concurrentCallsMax, callsPerSecondMax, settings } = fields;
  if (!/^[A-Za-z0-9.-]+$/.test(domain) || domain.length > domainLengthMax) {
    throw invalid('domain', 'must be a host name');
  }
  requireCount('max_concurrent_calls', concurrentCallsMax, concurrentCallsLimit);
  requireCount('max_calls_per_second', callsPerSecondMax, callsPerSecondLimit);
  if (description !== '') requireText('description', description);
  cleanSettings(settings);
  return { ...fields, name: cleanTargetName(fields.name) };
}

function cleanSettings(settings: TrunkSettings): void {
  for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
    const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const texts = Array.isArray(value) ? (value as unknown[]) : [value];
    if (texts.length > allowedAddressesMax) {
      throw invalid(field, `must have at most ${allowedAddressesMax} entries`);
    }
    for (const text of texts) if (typeof text === 'string') requireText(field, text);
  }
  if (settings.webhookUrl !== undefined && !isWebAddress(settings.webhookUrl)) {
    throw invalid('webhook_url', 'must be an http or https address');
  }
}

function requireText(field: string, text: string): void {
  const reason = textFault(text, trunkTextLengthMax);
  if (reason !== undefined) throw invalid(field, reason);
}

function requireCount(field: string, count: number, limit: number): void {
  if (!Number.isInteger(count) || count < 0 || count > limit) {
    throw invalid(field, `must be a whole number from 0 to ${limit}`);
  }
}

function invalid(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}
