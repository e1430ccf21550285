import { changeByAmount, changeByPercent } from './price.js';
import type { Price, PriceAsked, PriceRule, PriceScope } from './price.js';

/** How the prices of the parent list are changed; an amount is for prices of its currency, and there are no others. */
export type PriceAdjustment =
  | { readonly kind: 'percent'; readonly percentBp: number }
  | {
      readonly kind: 'amount';
      readonly currency: string;
      readonly setupMinor: number;
      readonly recurringMinor: number;
    };

/** A price list as its book knows it. */
export interface ListedPrices {
  readonly id: number;
  readonly name: string;
  readonly parentId: number | null;
  /** Null without a parent. */
  readonly adjustment: PriceAdjustment | null;
}

/** A list on the way from a rule to the price, with the price that holds in it. */
export interface PriceStep {
  readonly list: ListedPrices;
  readonly price: Price;
}

/** A price by a list: the rule that gives it, and each list from the rule's to the one that was asked. */
export interface ListPrice {
  readonly price: Price;
  readonly rule: PriceRule;
  readonly steps: readonly PriceStep[];
}

/**
 * The order in which rules win: the longest prefix, then a group, then a country with a type, then a country, then a
 * type. Each entry says which of the three a rule names; within one prefix the first entry with a rule decides.
 */
const scopeOrder: readonly { readonly group: boolean; readonly country: boolean; readonly type: boolean }[] =
  [7, 6, 5, 4, 3, 2, 1, 0].map((bits) => ({
    group: (bits & 4) !== 0,
    country: (bits & 2) !== 0,
    type: (bits & 1) !== 0,
  }));

/** The text that tells scopes apart. */
export function scopeKey({ currency, country, type, groupId, prefix }: PriceScope): string {
  return `${prefix ?? ''} ${groupId ?? ''} ${country ?? ''} ${type ?? ''} ${currency}`;
}

/** Whether a rule holds at an instant, if no newer one of its scope does. */
export function isInForce(rule: Pick<PriceRule, 'validFrom' | 'endedAt'>, at: Date): boolean {
  return rule.validFrom <= at && (rule.endedAt === null || rule.endedAt > at);
}

/** The rules of one list by their scope, newest first. */
class RulesByScope {
  readonly #byScope = new Map<string, PriceRule[]>();
  /** Lengths of the prefixes that occur, longest first; 0 is for rules without one. */
  readonly #lengths: readonly number[];

  constructor(rules: readonly PriceRule[]) {
    const lengths = new Set<number>();
    for (const rule of rules) {
      lengths.add(rule.prefix?.length ?? 0);
      const key = scopeKey(rule);
      const list = this.#byScope.get(key);
      if (list) list.push(rule);
      else this.#byScope.set(key, [rule]);
    }
    for (const list of this.#byScope.values()) {
      list.sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime());
    }
    this.#lengths = [...lengths].sort((a, b) => b - a);
  }

  /** The most specific rule that fits and is in force. */
  find({ currency, country, type, groupId, digits, at }: PriceAsked): PriceRule | undefined {
    for (const length of this.#lengths) {
      if (length > digits.length) continue;
      const prefix = length === 0 ? null : digits.slice(0, length);
      for (const named of scopeOrder) {
        const key = scopeKey({
          currency,
          prefix,
          groupId: named.group ? groupId : null,
          country: named.country ? country : null,
          type: named.type ? type : null,
        });
        const rule = this.#byScope.get(key)?.find((candidate) => isInForce(candidate, at));
        if (rule) return rule;
      }
    }
    return undefined;
  }
}

/**
 * The prices of one list, its own rules first and then those of the lists that it inherits from: whichever list has a
 * rule that fits decides, and what it says is changed on the way down.
 */
export class PriceBook {
  /** How many rules it has. */
  readonly size: number;
  readonly #chain: readonly { readonly list: ListedPrices; readonly rules: RulesByScope }[];

  /** `chain` is the list and its ancestors, nearest first; `rules` are theirs in any order. */
  constructor(chain: readonly ListedPrices[], rules: readonly PriceRule[]) {
    this.size = rules.length;
    const byList = new Map<number, PriceRule[]>(chain.map(({ id }) => [id, []]));
    for (const rule of rules) byList.get(rule.priceListId)?.push(rule);
    this.#chain = chain.map((list) => ({ list, rules: new RulesByScope(byList.get(list.id) ?? []) }));
  }

  /** The price of the list; undefined when it does not sell that in the currency. */
  find(asked: PriceAsked): ListPrice | undefined {
    for (const [depth, { list, rules }] of this.#chain.entries()) {
      const rule = rules.find(asked);
      if (rule) return this.#brought(rule, depth);
      const { adjustment } = list;
      if (adjustment?.kind === 'amount' && adjustment.currency !== asked.currency) return undefined;
    }
    return undefined;
  }

  /** The price of a rule of an ancestor, brought down from list to list. */
  #brought(rule: PriceRule, depth: number): ListPrice {
    const { currency, setupMinor, recurringMinor, cycle } = rule;
    let price: Price = { currency, setupMinor, recurringMinor, cycle };
    const steps: PriceStep[] = [];
    for (const [above, { list }] of this.#chain
      .slice(0, depth + 1)
      .reverse()
      .entries()) {
      if (above > 0 && list.adjustment) price = adjusted(price, list.adjustment);
      steps.push({ list, price });
    }
    return { price, rule, steps };
  }
}

function adjusted(price: Price, adjustment: PriceAdjustment): Price {
  return adjustment.kind === 'percent'
    ? changeByPercent(price, adjustment.percentBp)
    : changeByAmount(price, adjustment.setupMinor, adjustment.recurringMinor);
}
