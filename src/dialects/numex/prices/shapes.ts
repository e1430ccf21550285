import { Type } from 'typebox';
import { priceMinorMax } from '../../../core/billing/index.js';
import type {
  AccountPricing,
  PriceAdjustment,
  PriceList,
  PriceRuleListing,
  RulesChanged,
  ShownRule,
} from '../../../core/billing/index.js';
import type { PriceExplanation } from '../../../core/stock/index.js';
import { spellId } from '../ids.js';
import {
  Amount,
  closed,
  CountryCode,
  Currency,
  NumberTypeName,
  oneOf,
  PriceShape,
  Timestamp,
  named,
} from '../schemas.js';

export const tag = 'Prices';
export const listParams = Type.Object({
  list: Type.String({ maxLength: 200, description: 'Name or id of a price list' }),
});

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(what: T) =>
  Type.Union([what, Type.Null()]);
const MinorAmount = Type.Integer({ minimum: 0, maximum: priceMinorMax, description: 'Minor units' });
const Change = Type.Integer({ minimum: -priceMinorMax, maximum: priceMinorMax });

/** How a list changes what it inherits: by a percentage, or by an amount per charge in one currency. */
const Percent = Type.Number({ description: 'Such as 12.5, for all currencies; at most two decimals' });
const AmountChange = named(
  'PriceAmountChange',
  Type.Object(
    { currency: Currency, setup_minor: Type.Optional(Change), recurring_minor: Type.Optional(Change) },
    { ...closed, description: 'Added to the charges; prices in other currencies are not inherited' },
  ),
);
export const InheritBody = named(
  'PriceInheritance',
  Type.Object(
    {
      list: Type.String({ maxLength: 200, description: 'Name or id of the parent list' }),
      percent: Type.Optional(Percent),
      amount: Type.Optional(AmountChange),
    },
    closed,
  ),
);
const AdjustmentShape = Type.Object({ percent: Type.Optional(Percent), amount: Type.Optional(AmountChange) });
const ListName = named('PriceListName', Type.Object({ id: Type.String(), name: Type.String() }));

export const PriceListShape = named(
  'PriceList',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    inherits: nullable(
      named('InheritedPriceList', Type.Object({ ...ListName.properties, ...AdjustmentShape.properties })),
    ),
    rules: Type.Integer({ description: 'Its own, in force or planned' }),
    currencies: Type.Array(Currency),
  }),
);

const scope = {
  currency: Currency,
  country: Type.Optional(nullable(CountryCode)),
  type: Type.Optional(nullable(NumberTypeName)),
  group_id: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
  prefix: Type.Optional(
    nullable(Type.String({ pattern: '^\\+?[1-9][0-9]{0,14}$', description: 'Leading digits in E.164' })),
  ),
};
export const RuleBody = named(
  'NewPriceRule',
  Type.Object(
    {
      ...scope,
      setup_minor: Type.Optional(MinorAmount),
      recurring_minor: MinorAmount,
      cycle: oneOf(['28d', 'month']),
      valid_from: Type.Optional(Timestamp),
    },
    closed,
  ),
);
const ruleFields = {
  currency: Currency,
  country: nullable(Type.String()),
  type: nullable(Type.String()),
  group_id: nullable(Type.String()),
  prefix: nullable(Type.String()),
  setup_minor: Amount,
  recurring_minor: Amount,
  cycle: oneOf(['28d', 'month']),
  valid_from: nullable(Type.String({ format: 'date-time', description: 'null: from the beginning' })),
};
export const RuleShape = named(
  'PriceRule',
  Type.Object({
    id: Type.String(),
    state: oneOf(['in_force', 'planned', 'superseded', 'ended']),
    ...ruleFields,
  }),
);
const ShownRuleShape = named('PriceRuleTerms', Type.Object(ruleFields));
export const ChangesShape = named(
  'PriceRuleChanges',
  Type.Object({
    price_list: ListName,
    dry_run: Type.Boolean(),
    added: Type.Integer(),
    changed: Type.Integer(),
    removed: Type.Integer(),
    unchanged: Type.Integer(),
    changes: Type.Array(
      named(
        'PriceRuleChange',
        Type.Object({
          change: oneOf(['added', 'changed', 'removed']),
          before: nullable(ShownRuleShape),
          after: nullable(ShownRuleShape),
        }),
      ),
      { description: 'The first 1000' },
    ),
  }),
);
export const PricingShape = named(
  'AccountPricing',
  Type.Object({
    account: Type.String(),
    price_list: ListName,
    discount_percent: Type.Number(),
    sub_accounts: Type.Integer({ description: 'Sub-accounts that were given the same' }),
  }),
);
export const ExplanationShape = named(
  'PriceExplanation',
  Type.Object({
    account: Type.String(),
    number: Type.String(),
    at: Timestamp,
    currency: Currency,
    price: nullable(PriceShape),
    listed: nullable(PriceShape),
    discount_percent: Type.Number(),
    price_list: ListName,
    source: nullable(
      named(
        'PriceSource',
        Type.Object({
          kind: oneOf(['number', 'rule']),
          rule: Type.Optional(named('DecidingPriceRule', Type.Object({ id: Type.String(), ...ruleFields }))),
          steps: Type.Optional(
            Type.Array(
              named(
                'PriceStep',
                Type.Object({ price_list: ListName, ...AdjustmentShape.properties, price: PriceShape }),
              ),
              {
                description: 'From the list of the rule to that of the account',
              },
            ),
          ),
        }),
      ),
    ),
  }),
);

type Adjusted = { readonly percent?: number; readonly amount?: Record<string, unknown> };

function renderAdjustment(adjustment: PriceAdjustment | null): Adjusted {
  if (!adjustment) return {};
  if (adjustment.kind === 'percent') return { percent: adjustment.percentBp / 100 };
  const { currency, setupMinor, recurringMinor } = adjustment;
  return { amount: { currency, setup_minor: setupMinor, recurring_minor: recurringMinor } };
}

function renderListName({ id, name }: { readonly id: number; readonly name: string }) {
  return { id: spellId('price_list', id), name };
}

export function renderPriceList({ id, name, inherits, rules, currencies }: PriceList) {
  return {
    ...renderListName({ id, name }),
    inherits: inherits && { ...renderListName(inherits), ...renderAdjustment(inherits.adjustment) },
    rules,
    currencies: [...currencies],
  };
}

function renderShown({ group, setupMinor, recurringMinor, validFrom, ...rule }: ShownRule) {
  const { currency, country, type, prefix, cycle } = rule;
  return {
    ...{ currency, country, type, group_id: group, prefix },
    ...{ setup_minor: setupMinor, recurring_minor: recurringMinor, cycle, valid_from: validFrom },
  };
}

export function renderRule({ id, state, ...rule }: PriceRuleListing) {
  return { id: spellId('price_rule', id), state, ...renderShown(rule) };
}

export function renderChanges({ priceListId, list, dryRun, changes, ...counts }: RulesChanged) {
  const { added, changed, removed, unchanged } = counts;
  return {
    price_list: renderListName({ id: priceListId, name: list }),
    dry_run: dryRun,
    ...{ added, changed, removed, unchanged },
    changes: changes.map(({ kind, before, after }) => ({
      change: kind,
      before: before && renderShown(before),
      after: after && renderShown(after),
    })),
  };
}

export function renderPricing({ account, list, discountBp, subAccounts }: AccountPricing) {
  return {
    account,
    price_list: renderListName(list),
    discount_percent: discountBp / 100,
    sub_accounts: subAccounts,
  };
}

function renderPrice(price: PriceExplanation['price']) {
  if (!price) return null;
  const { currency, setupMinor, recurringMinor, cycle } = price;
  return { currency, setup_minor: setupMinor, recurring_minor: recurringMinor, cycle };
}

export function renderExplanation(explanation: PriceExplanation) {
  const { account, number, at, currency, list, discountBp, listed, price, source } = explanation;
  return {
    ...{ account, number, at, currency },
    price: renderPrice(price),
    listed: renderPrice(listed),
    discount_percent: discountBp / 100,
    price_list: renderListName(list),
    source: source?.kind === 'rule' ? renderSource(source) : source,
  };
}

function renderSource({ kind, rule, steps }: Extract<PriceExplanation['source'], { kind: 'rule' }>) {
  return {
    kind,
    rule: { id: spellId('price_rule', rule.id), ...renderShown(rule) },
    steps: steps.map((step) => ({
      price_list: renderListName(step.list),
      ...renderAdjustment(step.adjustment),
      price: renderPrice(step.price),
    })),
  };
}
