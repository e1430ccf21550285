import type { PriceExplanation } from '../core/stock/index.js';
import type { Price } from '../core/billing/index.js';
import { formatMinor } from '../lib/money.js';
import { plainRule, priceSentence, ruleSentence } from './price-changes.js';

type RuleSource = Extract<PriceExplanation['source'], { kind: 'rule' }>;

/** How `price explain` prints what it found. */

function plainPrice(price: Price | null) {
  if (!price) return null;
  const { currency, setupMinor, recurringMinor, cycle } = price;
  return {
    currency,
    setup: formatMinor(setupMinor, currency),
    recurring: formatMinor(recurringMinor, currency),
    cycle,
  };
}

export function plainExplanation(explanation: PriceExplanation) {
  const { account, number, at, currency, list, source, listed, discountBp, price } = explanation;
  return {
    ...{ account, number, at, currency },
    price: plainPrice(price),
    listed: plainPrice(listed),
    discount_percent: discountBp / 100,
    price_list: list,
    source: source?.kind === 'rule' ? plainSource(source) : source,
  };
}

function plainSource({ kind, rule: { id, ...rule }, steps }: RuleSource) {
  return {
    kind,
    rule: { id, ...plainRule(rule) },
    steps: steps.map((step) => ({ price_list: step.list, price: plainPrice(step.price) })),
  };
}

export function explanationSentences(explanation: PriceExplanation): string[] {
  const { account, number, at, currency, list, source, discountBp, price } = explanation;
  if (!price || !source)
    return [`${number} is not sold to ${account} in ${currency} at ${at} (list ${list.name}).`];
  const discount = discountBp > 0 ? [`Less ${discountBp / 100} % for the account.`] : [];
  const pays = `${account} would pay ${priceSentence(price)} for ${number} at ${at}.`;
  if (source.kind === 'number') return [pays, 'The number has a price of its own.', ...discount];
  const [first, ...others] = source.steps;
  return [
    pays,
    `By rule ${source.rule.id} of list ${first?.list.name ?? list.name}: ${ruleSentence(source.rule)}.`,
    ...others.map((step) => `In list ${step.list.name}, which inherits it: ${priceSentence(step.price)}.`),
    ...discount,
  ];
}
