import { findGroupsNamed, isNumberType, listCountries } from '../../catalogue/index.js';
import type { Group } from '../../catalogue/index.js';
import type { Context } from '../../context.js';
import { isCurrency } from '../../../lib/money.js';
import { priceMinorMax } from '../price.js';
import type { PriceScope } from '../price.js';
import type { WantedRule } from './plan.js';

/** What a rule is for, as callers write it; an empty or absent field matches everything. */
export interface ScopeInput {
  readonly currency: string;
  readonly country?: string | null | undefined;
  readonly type?: string | null | undefined;
  /** Public id. */
  readonly group?: string | null | undefined;
  /** Leading digits, with or without the plus sign. */
  readonly prefix?: string | null | undefined;
}

export interface RuleInput extends ScopeInput {
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: string;
  /** From when it holds; left out, from now on. */
  readonly validFrom?: Date | null | undefined;
}

export interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** The catalogue as far as rules name it. */
export interface Places {
  readonly countries: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, Pick<Group, 'id' | 'country' | 'type'>>;
}

/** All countries, and those of the groups named (public ids) that there are. */
export async function readPlaces(ctx: Context, groupNames: readonly string[]): Promise<Places> {
  const [countries, groups] = await Promise.all([
    listCountries({ ctx }),
    groupNames.length > 0 ? findGroupsNamed(ctx.sql, groupNames) : [],
  ]);
  return {
    countries: new Set(countries.map((country) => country.code)),
    groups: new Map(groups.map((group) => [group.publicId, group])),
  };
}

type Scope = PriceScope & { readonly group: string | null };

/** The scope that is meant, or the first fault in it. */
export function readScope(places: Places, input: ScopeInput): Scope | Fault {
  const currency = input.currency.toUpperCase();
  if (!isCurrency(currency)) return { field: 'currency', reason: 'must be an ISO 4217 code such as EUR' };
  const country = given(input.country)?.toUpperCase() ?? null;
  if (country !== null && !places.countries.has(country)) {
    return { field: 'country', reason: `there is no country ${country}` };
  }
  const type = given(input.type)?.toLowerCase() ?? null;
  if (type !== null && !isNumberType(type))
    return { field: 'type', reason: `there is no number type ${type}` };
  const group = given(input.group);
  const found = group === null ? undefined : places.groups.get(group);
  if (group !== null && !found) return { field: 'group', reason: `there is no group ${group}` };
  if (found && ((country ?? found.country) !== found.country || (type ?? found.type) !== found.type)) {
    return {
      field: 'group',
      reason: `group ${group} is in ${found.country} and ${found.type}: the rule fits nothing`,
    };
  }
  const prefix = given(input.prefix)?.replace(/^\+/, '') ?? null;
  if (prefix !== null && !/^[1-9]\d{0,14}$/.test(prefix)) {
    return { field: 'prefix', reason: 'must be 1 to 15 leading digits of numbers in E.164, such as 1212' };
  }
  return { currency, country, type, group, groupId: found?.id ?? null, prefix };
}

/** The rule that is meant, or the first fault in it. */
export function readRule(places: Places, input: RuleInput): WantedRule | Fault {
  const scope = readScope(places, input);
  if ('reason' in scope) return scope;
  const { setupMinor, recurringMinor, cycle } = input;
  for (const [field, minor] of [
    ['setup_minor', setupMinor],
    ['recurring_minor', recurringMinor],
  ] as const) {
    if (!Number.isSafeInteger(minor) || minor < 0 || minor > priceMinorMax) {
      return { field, reason: `must be a whole number of minor units from 0 to ${priceMinorMax}` };
    }
  }
  if (cycle !== '28d' && cycle !== 'month') return { field: 'cycle', reason: 'must be 28d or month' };
  return { ...scope, setupMinor, recurringMinor, cycle, validFrom: input.validFrom ?? null };
}

function given(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
