// @ts-check
/** @typedef {import('./numbering-plan.mjs').NumberingPlan} NumberingPlan */
/** @typedef {import('./pattern-automaton.mjs').Node} Node */
/** @typedef {import('./numbering-plan.mjs').Offer} Offer */
/** @typedef {import('./areas.mjs').Area} Area */
/** @typedef {{ prefix: string, shelf: string }} PrefixEntry national prefix and the natural key of its group */
/**
 * @callback ShelfOf
 * @param {Offer} offer
 * @param {Area | null} area
 * @param {string} nationalPrefix
 * @returns {string} natural key of the group
 */

/** Kinds that are not on sale (premium, pagers) get holes of their own down to this many digits, not finer. */
const unsoldSeparationDigits = 4;
/** Below this many digits, kinds differ only in the length of the number; the more special kind takes the prefix. */
const separationDigitsMax = 7;
/** An area code of North America; a shorter prefix would mix codes that are not yet in use. */
const northAmericanPrefixDigitsMin = 3;
const typesFromSpecialToPlain = ['tollfree', 'sharedcost', 'national', 'mobile', 'local'];

/** Turns a numbering plan and the area names of its prefixes into the fewest prefixes that say the same. */
export class Coverage {
  /**
   * @param {NumberingPlan} plan
   * @param {Map<string, Area>} areas by national prefix
   * @param {ShelfOf} shelfOf
   */
  constructor(plan, areas, shelfOf) {
    this.plan = plan;
    this.areas = areas;
    this.shelfOf = shelfOf;
    this.prefixDigitsMin = plan.callingCode === '1' ? northAmericanPrefixDigitsMin : 1;
    /** @type {Set<string>} */
    this.ancestors = new Set();
    for (const prefix of areas.keys()) {
      for (let length = 0; length < prefix.length; length += 1) this.ancestors.add(prefix.slice(0, length));
    }
  }

  /** @returns {PrefixEntry[]} */
  prefixes() {
    return this.cover('', this.plan.start(), null, null);
  }

  /**
   * @param {string} prefix
   * @param {Node} node
   * @param {Area | null} outerArea
   * @param {string | null} outerShelf the group of the nearest shorter prefix that is in the table
   * @returns {PrefixEntry[]}
   */
  cover(prefix, node, outerArea, outerShelf) {
    const outcomes = this.plan.outcomes(node);
    const offers = outcomes.filter((outcome) => outcome !== null);
    if (offers.length === 0) return [];
    const area = this.areas.get(prefix) ?? outerArea;
    const settled = this.isSettled(prefix, outcomes, offers) ? mostSpecial(offers) : null;
    const localOnly = settled?.type === 'local' ? settled : null;
    if (settled && !(localOnly && this.ancestors.has(prefix))) {
      const shelf = this.shelfOf(settled, areaFor(settled, area), prefix);
      return shelf === outerShelf ? [] : [{ prefix, shelf }];
    }
    const localOffer = offers.find((offer) => offer.type === 'local' && offer.country === area?.country);
    const hasHoles = outcomes.length > offers.length && prefix.length < unsoldSeparationDigits;
    const ownShelf = area && localOffer && !hasHoles ? this.shelfOf(localOffer, area, prefix) : outerShelf;
    const deeper = this.coverChildren(prefix, node, area, ownShelf);
    if (localOnly && ownShelf === null)
      return liftRest(prefix, deeper, this.shelfOf(localOnly, null, prefix));
    return ownShelf === outerShelf || ownShelf === null ? deeper : [{ prefix, shelf: ownShelf }, ...deeper];
  }

  /**
   * @param {string} prefix
   * @param {Node} node
   * @param {Area | null} area
   * @param {string | null} shelf
   * @returns {PrefixEntry[]}
   */
  coverChildren(prefix, node, area, shelf) {
    /** @type {PrefixEntry[]} */
    const entries = [];
    for (let digit = 0; digit <= 9; digit += 1) {
      const next = this.plan.step(node, digit);
      if (next) entries.push(...this.cover(`${prefix}${String(digit)}`, next, area, shelf));
    }
    return joinTen(prefix, entries);
  }

  /**
   * @param {string} prefix
   * @param {(Offer | null)[]} outcomes
   * @param {Offer[]} offers
   */
  isSettled(prefix, outcomes, offers) {
    if (prefix.length < this.prefixDigitsMin) return false;
    if (prefix.length >= separationDigitsMax) return true;
    return offers.length === 1 && (outcomes.length === 1 || prefix.length >= unsoldSeparationDigits);
  }
}

/**
 * @param {Offer[]} offers
 * @returns {Offer}
 */
function mostSpecial(offers) {
  const rank = (/** @type {Offer} */ offer) => typesFromSpecialToPlain.indexOf(offer.type);
  return /** @type {Offer} */ ([...offers].sort((a, b) => rank(a) - rank(b))[0]);
}

/**
 * @param {Offer} offer
 * @param {Area | null} area
 * @returns {Area | null} the area, if it says something about numbers of this kind
 */
function areaFor(offer, area) {
  return offer.type === 'local' && area?.country === offer.country ? area : null;
}

/**
 * Numbers without a place, scattered between places, become one short prefix below which the places are exceptions.
 * @param {string} prefix
 * @param {PrefixEntry[]} entries
 * @param {string} restShelf
 * @returns {PrefixEntry[]}
 */
function liftRest(prefix, entries, restShelf) {
  const places = entries.filter((entry) => entry.shelf !== restShelf);
  return places.length === entries.length ? entries : [{ prefix, shelf: restShelf }, ...places];
}

/**
 * Ten sibling prefixes of one group say the same as their parent.
 * @param {string} prefix
 * @param {PrefixEntry[]} entries
 * @returns {PrefixEntry[]}
 */
function joinTen(prefix, entries) {
  const shelf = entries[0]?.shelf;
  const alike = entries.every((entry) => entry.shelf === shelf && entry.prefix.length === prefix.length + 1);
  return alike && entries.length === 10 && shelf !== undefined ? [{ prefix, shelf }] : entries;
}
