import type { PriceRule } from './price.js';

/** The rules of one price list, ready to be asked for those that can apply to a group. */
export class PriceBook {
  /** How many rules it has. */
  readonly size: number;
  readonly #general: readonly PriceRule[];
  readonly #byGroup = new Map<number, PriceRule[]>();

  constructor(rules: readonly PriceRule[]) {
    this.size = rules.length;
    this.#general = rules.filter((rule) => rule.groupId === null);
    for (const rule of rules) {
      if (rule.groupId === null) continue;
      const list = this.#byGroup.get(rule.groupId);
      if (list) list.push(rule);
      else this.#byGroup.set(rule.groupId, [rule]);
    }
  }

  rulesFor(groupId: number): readonly PriceRule[] {
    const own = this.#byGroup.get(groupId);
    return own ? [...own, ...this.#general] : this.#general;
  }
}
