import type { Feature, NumberType } from '../../../core/catalogue/index.js';
import type { Environment } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import type { NumberFilters } from '../../../core/stock/index.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import { pageOf } from '../paging.js';
import type { WireFilters } from '../paging.js';
import { containsOf, regionOf, textOf, textsOf } from '../parse.js';
import type { Asked, Query } from '../../../http/wire.js';

/** What each capability of this wire demands of a number. */
export const featuresByCapability: Readonly<Record<string, readonly Feature[]>> = {
  voice: ['voice'],
  sms: ['sms_in', 'sms_out'],
};

const soldTypes: readonly NumberType[] = ['local', 'mobile', 'tollfree', 'national'];

/** The filters of a search, each in one spelling; those that are absent are left out. */
export function cleanFilters(query: Query): WireFilters {
  const capabilities = textsOf(query, 'capability').flatMap((text) => text.split(','));
  const names = capabilities.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const filters = {
    ...readAll({
      region: () => regionOf(query),
      number_type: () => typeOf(query),
      contains: () => containsOf(query),
    }),
    capability: names.length === 0 ? undefined : [...new Set(names)].sort().join(','),
  };
  return Object.fromEntries(
    Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function typeOf(query: Query): NumberType | undefined {
  const text = textOf(query, 'number_type');
  if (text === undefined) return undefined;
  const word = text.toLowerCase().replace(/^toll[-_]free$/, 'tollfree');
  const type = soldTypes.find((known) => known === word);
  if (!type) {
    throw domainError('invalid_input', {
      field: 'number_type',
      reason: `must be one of ${soldTypes.join(', ')}`,
    });
  }
  return type;
}

/** The same in core words; undefined when they ask for a capability that no number has. */
export function numberFilters(filters: WireFilters, environment: Environment): NumberFilters | undefined {
  const capabilities = filters['capability']?.split(',') ?? [];
  if (!capabilities.every((name) => Object.hasOwn(featuresByCapability, name))) return undefined;
  return {
    environment,
    country: filters['region'],
    type: soldTypes.find((type) => type === filters['number_type']),
    features: capabilities.flatMap((name) => featuresByCapability[name] ?? []),
    contains: filters['contains'],
  };
}

/** A page of a search; its filters are undefined when they ask for what no number has. Raises invalid_input. */
export function searchOf(asked: Asked) {
  const { limit, filters, position } = pageOf(asked.query, cleanFilters);
  return {
    asked: filters,
    limit,
    cursor: position,
    filters: numberFilters(filters, accountAsked(asked).environment),
  };
}
