import { Command, InvalidArgumentError, Option } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import {
  changePriceList,
  createPriceList,
  getPriceList,
  listPriceLists,
  listPriceRules,
  removePriceRule,
  setAccountPricing,
} from '../core/billing/index.js';
import type { InheritInput, PriceList, PriceRuleListing } from '../core/billing/index.js';
import { domainError } from '../core/errors.js';
import { numberIdOf } from '../core/number-id.js';
import { explainPrice } from '../core/stock/index.js';
import { parseE164 } from '../lib/e164.js';
import { formatMinor, parseMajor } from '../lib/money.js';
import { readCurrency, readId, readInstant } from './arguments.js';
import { changeSentences, plainChanges, plainRule, ruleSentence } from './price-changes.js';
import { addRuleCommands } from './price-rules.js';
import { explanationSentences, plainExplanation } from './price-explanation.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface Json {
  readonly json?: boolean;
}

interface InheritOptions extends Json {
  readonly inherit?: string;
  readonly percent?: number;
  readonly amount?: string;
  readonly setupAmount?: string;
  readonly currency?: string;
}

const rowsMax = 1000;

export function priceCommand(surroundings: Surroundings): Command {
  const price = new Command('price').description('price lists, their rules, and what accounts pay');
  addListCommands(price, surroundings);
  addRuleCommands(price, surroundings);
  addAccountCommands(price, surroundings);
  return price;
}

/** A percentage with two decimals at most, as basis points. */
function readPercent(text: string): number {
  if (!/^[+-]?\d{1,4}(\.\d{1,2})?$/.test(text)) {
    throw new InvalidArgumentError('It must be a percentage such as 10 or -2.5.');
  }
  return Math.round(Number(text) * 100);
}

function inheriting(command: Command): Command {
  return command
    .option('--inherit <list>', 'take prices without a rule from this list')
    .addOption(new Option('--percent <percent>', 'and change them by so much').argParser(readPercent))
    .option('--amount <amount>', 'or add an amount to the recurring charge, in --currency')
    .option('--setup-amount <amount>', 'and one to the set-up charge')
    .option('--currency <code>', 'the currency of the amounts', readCurrency);
}

/** Raises invalid_input. */
function inheritOf(options: InheritOptions): InheritInput | undefined {
  const { inherit: list, percent, amount, setupAmount, currency } = options;
  const refused = (reason: string) => domainError('invalid_input', { field: 'inherit', reason });
  const hasAmount = amount !== undefined || setupAmount !== undefined;
  if (list === undefined) {
    if (percent === undefined && !hasAmount) return undefined;
    throw refused('has to be named with a percentage or an amount');
  }
  if (!hasAmount) return { list, adjustment: { kind: 'percent', percentBp: percent ?? 0 } };
  if (percent !== undefined || currency === undefined) {
    throw refused('takes a percentage, or amounts with their currency');
  }
  const minor = (text = '0'): number => {
    const amountMinor = parseMajor(text, currency);
    if (amountMinor === undefined) throw refused(`needs amounts of ${currency} such as 0.50`);
    return amountMinor;
  };
  const adjustment = {
    kind: 'amount',
    currency,
    setupMinor: minor(setupAmount),
    recurringMinor: minor(amount),
  };
  return { list, adjustment: adjustment as InheritInput['adjustment'] };
}

function addListCommands(price: Command, surroundings: Surroundings): void {
  price
    .command('list')
    .description('the price lists')
    .option(...jsonOption)
    .action(async ({ json }: Json) => {
      const lists = await withOperator(surroundings, (ctx) =>
        listPriceLists({ ctx, input: { afterId: 0, limit: rowsMax } }),
      );
      print(surroundings, json, { price_lists: lists.map(plainList) }, lists.map(listSentence));
    });
  price
    .command('show')
    .description('a list with its rules in force and planned')
    .argument('<list>', 'its name or id')
    .option('--history', 'with the rules that hold no more')
    .option(...jsonOption)
    .action(async (list: string, options: Json & { history?: boolean }) => show(surroundings, list, options));
  inheriting(price.command('create'))
    .description('make a list: empty, or one that inherits from another')
    .argument('<name>', 'what it is called')
    .option(...jsonOption)
    .action(async (name: string, options: InheritOptions) => {
      const inherit = inheritOf(options);
      const made = await withOperator(surroundings, (ctx) =>
        createPriceList({ ctx, input: { name, inherit } }),
      );
      printList(surroundings, options, made);
    });
  price
    .command('clone')
    .description('make a list with the rules of another, which then goes its own way')
    .argument('<list>', 'the list to copy')
    .argument('<name>', 'what the copy is called')
    .option(...jsonOption)
    .action(async (cloneOf: string, name: string, options: Json) => {
      const made = await withOperator(surroundings, (ctx) =>
        createPriceList({ ctx, input: { name, cloneOf } }),
      );
      printList(surroundings, options, made);
    });
  inheriting(price.command('change'))
    .description('rename a list, or change what it inherits')
    .argument('<list>', 'its name or id')
    .option('--name <name>', 'its new name')
    .option('--no-inherit', 'inherit no more')
    .option(...jsonOption)
    .action(async (list: string, options: ChangeOptions) => {
      const inherit = options.inherit === false ? null : inheritOf(options as InheritOptions);
      const changed = await withOperator(surroundings, (ctx) =>
        changePriceList({ ctx, input: { list, name: options.name, inherit } }),
      );
      printList(surroundings, options, changed);
    });
}

type ChangeOptions = Omit<InheritOptions, 'inherit'> & {
  readonly name?: string;
  readonly inherit?: string | boolean;
};

async function show(
  surroundings: Surroundings,
  list: string,
  { json, history }: Json & { history?: boolean },
): Promise<void> {
  const { found, rules } = await withOperator(surroundings, async (ctx) => {
    const rows: PriceRuleListing[] = [];
    for (;;) {
      const page = { list, history, afterId: rows.at(-1)?.id ?? 0, limit: rowsMax };
      const next = await listPriceRules({ ctx, input: page });
      rows.push(...next);
      if (next.length < rowsMax) break;
    }
    return { found: await getPriceList({ ctx, input: { list } }), rules: rows };
  });
  const result = {
    ...plainList(found),
    rules: rules.map(({ id, state, ...rule }) => ({ id, state, ...plainRule(rule) })),
  };
  const sentences = rules.map(({ id, state, ...rule }) => `  ${id}  ${state}  ${ruleSentence(rule)}`);
  print(surroundings, json, result, [listSentence(found), ...sentences]);
}

function printList(surroundings: Surroundings, { json }: Json, list: PriceList): void {
  print(surroundings, json, plainList(list), [listSentence(list)]);
}

function plainList({ id, name, inherits, rules, currencies }: PriceList) {
  return { id, name, inherits: inherits && plainInherits(inherits), rules, currencies };
}

function plainInherits({ id, name, adjustment }: NonNullable<PriceList['inherits']>) {
  if (adjustment.kind === 'percent') return { id, name, percent: adjustment.percentBp / 100 };
  const { currency, setupMinor, recurringMinor } = adjustment;
  const amount = {
    currency,
    setup: formatMinor(setupMinor, currency),
    recurring: formatMinor(recurringMinor, currency),
  };
  return { id, name, amount };
}

function listSentence(list: PriceList): string {
  const { id, name, inherits, rules, currencies } = list;
  const own = `${id}  ${name}: ${rules} rules of its own${rules > 0 ? ` in ${currencies.join(', ')}` : ''}`;
  if (!inherits) return own;
  const { percent, amount } = plainInherits(inherits) as {
    percent?: number;
    amount?: Record<string, string>;
  };
  const how = amount
    ? `${amount.recurring} ${amount.currency} added per cycle, ${amount.setup} for set-up`
    : `${percent ?? 0} % added`;
  return `${own}; inherits from ${inherits.name}, ${how}`;
}

function addAccountCommands(price: Command, surroundings: Surroundings): void {
  price
    .command('assign')
    .description('give an account and its sub-accounts a price list, a discount or both')
    .argument('<account>', 'the account: MA_…')
    .option('--list <list>', 'name or id of the list')
    .addOption(new Option('--discount <percent>', 'off every price').argParser(readPercent))
    .option(...jsonOption)
    .action(async (named: string, { list, discount, json }: AssignOptions) => {
      const pricing = await withOperator(surroundings, async (ctx) => {
        const account = await getAccount({ ctx, input: { account: named } });
        return setAccountPricing({ ctx, input: { account, list, discountBp: discount } });
      });
      const { discountBp, subAccounts } = pricing;
      const result = {
        account: named,
        price_list: pricing.list,
        discount_percent: discountBp / 100,
        sub_accounts: subAccounts,
      };
      const whom = subAccounts > 0 ? `${named} and ${subAccounts} sub-accounts pay` : `${named} pays`;
      print(surroundings, json, result, [
        `${whom} by list ${pricing.list.name}, less ${discountBp / 100} %.`,
      ]);
    });
  price
    .command('explain')
    .description('what an account would pay for a number, and by which rule of which list')
    .argument('<account>', 'the account: MA_…')
    .argument('<number>', 'such as +12025550100')
    .option('--currency <code>', 'instead of that of its first wallet', readCurrency)
    .option('--at <instant>', 'instead of now', readInstant)
    .option(...jsonOption)
    .action(async (named: string, number: string, { currency, at, json }: ExplainOptions) => {
      const digits = parseE164(number);
      if (digits === undefined) {
        throw domainError('invalid_input', {
          field: 'number',
          reason: 'must be in E.164 such as +12025550100',
        });
      }
      const explanation = await withOperator(surroundings, async (ctx) => {
        const account = await getAccount({ ctx, input: { account: named } });
        const numberId = numberIdOf(digits, account.environment);
        return explainPrice({ ctx, input: { account, numberId, currency, at } });
      });
      print(surroundings, json, plainExplanation(explanation), explanationSentences(explanation));
    });
  price
    .command('remove')
    .description('end a rule in force, or take back a planned one')
    .argument('<list>', 'name or id of the list')
    .argument('<rule>', 'its id, as show tells it', readId)
    .option(...jsonOption)
    .action(async (list: string, ruleId: number, { json }: Json) => {
      const changed = await withOperator(surroundings, (ctx) =>
        removePriceRule({ ctx, input: { list, ruleId } }),
      );
      print(surroundings, json, plainChanges(changed), changeSentences(changed));
    });
}

interface AssignOptions extends Json {
  readonly list?: string;
  readonly discount?: number;
}

interface ExplainOptions extends Json {
  readonly currency?: string;
  readonly at?: Date;
}
