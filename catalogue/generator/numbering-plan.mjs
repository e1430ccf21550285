// @ts-check
import { Metadata } from 'libphonenumber-js/max';
import { PatternAutomaton } from './pattern-automaton.mjs';

/** @typedef {import('./pattern-automaton.mjs').Node} Node */
/** @typedef {{ country: string, type: string }} Offer a kind of number that the catalogue sells */
/** @typedef {Offer | null} Verdict null: a valid number, but of a kind or country that is not on sale */

/**
 * Our word for each kind of the plan, in the order in which libphonenumber asks: the first that matches wins.
 * @type {[kind: string, type: string | null][]}
 */
const typesInOrder = [
  ['FIXED_LINE', 'local'],
  ['MOBILE', 'mobile'],
  ['PREMIUM_RATE', null],
  ['TOLL_FREE', 'tollfree'],
  ['SHARED_COST', 'sharedcost'],
  ['VOIP', 'national'],
  ['PERSONAL_NUMBER', null],
  ['PAGER', null],
  ['UAN', 'national'],
  ['VOICEMAIL', null],
];

/** In North America the only nationwide numbers on sale are toll-free ones; the rest is for carriers and government. */
const typesOnSaleInNorthAmerica = new Set(['local', 'tollfree']);

/** The plans of all countries that share one calling code, asked in libphonenumber's own order. */
export class NumberingPlan {
  /**
   * @param {string} callingCode
   * @param {string[]} countries all countries of the calling code, the main one first
   * @param {Set<string>} coveredCountries those that the catalogue sells
   */
  constructor(callingCode, countries, coveredCountries) {
    this.callingCode = callingCode;
    /** @type {{ verdict: number, lengths: number[] }[]} */
    this.rules = [];
    /** @type {Verdict[]} */
    this.verdicts = [null];
    this.automaton = new PatternAutomaton((tags, depth) => this.judge(tags, depth));
    for (const country of countries) this.addCountry(country, coveredCountries.has(country));
  }

  /**
   * @param {string} country
   * @param {boolean} covered
   */
  addCountry(country, covered) {
    const metadata = new Metadata();
    metadata.selectNumberingPlan(/** @type {import('libphonenumber-js').CountryCode} */ (country));
    const plan = /** @type {any} */ (metadata).numberingPlan;
    for (const [kind, type] of typesInOrder) {
      const rule = plan.type(kind);
      if (!rule?.pattern()) continue;
      const onSale =
        covered && type !== null && (this.callingCode !== '1' || typesOnSaleInNorthAmerica.has(type));
      this.rules.push({
        verdict: onSale ? this.verdictIndex(country, type) : 0,
        lengths: rule.possibleLengths() ?? plan.possibleLengths(),
      });
      this.automaton.add(rule.pattern(), this.rules.length - 1);
    }
  }

  /**
   * @param {string} country
   * @param {string} type
   */
  verdictIndex(country, type) {
    const known = this.verdicts.findIndex((verdict) => verdict?.country === country && verdict.type === type);
    return known >= 0 ? known : this.verdicts.push({ country, type }) - 1;
  }

  /**
   * @param {number[]} tags
   * @param {number} depth
   * @returns {number | null}
   */
  judge(tags, depth) {
    const first = tags.filter((tag) => this.rules[tag]?.lengths.includes(depth)).sort((a, b) => a - b)[0];
    return first === undefined ? null : (this.rules[first]?.verdict ?? null);
  }

  /** @returns {Node} */
  start() {
    return this.automaton.start();
  }

  /**
   * @param {Node} node
   * @param {number} digit
   */
  step(node, digit) {
    return this.automaton.step(node, digit);
  }

  /**
   * @param {Node} node
   * @returns {Verdict[]} each different verdict that a valid number from here on can get
   */
  outcomes(node) {
    const reach = this.automaton.reach(node);
    return this.verdicts.filter((_, index) => reach & (1 << index));
  }

  /**
   * @param {string} nationalPrefix
   * @returns {Offer[]} what can be on sale below the prefix
   */
  offersBelow(nationalPrefix) {
    /** @type {Node | null} */
    let node = this.start();
    for (const digit of nationalPrefix) node = node && this.step(node, Number(digit));
    return node ? this.outcomes(node).filter((verdict) => verdict !== null) : [];
  }
}
