import { Command, InvalidArgumentError, Option } from 'commander';
import { numberTypes } from '../core/catalogue/index.js';
import type { NumberType } from '../core/catalogue/index.js';
import type { Environment } from '../core/context.js';
import { clearPolicy, listPolicies, setPolicy } from '../core/policies/index.js';
import type { PolicyListing, PolicyRow } from '../core/policies/index.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface ScopeOptions {
  readonly environment: Environment;
  readonly country?: string;
  readonly type?: NumberType;
  readonly json?: boolean;
}

export function policyCommand(surroundings: Surroundings): Command {
  const policy = new Command('policy').description('windows and limits that the operator sets');
  policy
    .command('list')
    .description('every policy: its values, unit, bounds and meaning')
    .option(...jsonOption)
    .action(async ({ json }: { json?: boolean }) => list(surroundings, json));
  scoped(policy.command('set'))
    .description('set a value, in general or for a country, a type or both; it holds from now on')
    .argument('<name>', 'the policy')
    .argument('<value>', 'the value, in the unit of the policy', readValue)
    .action(async (name: string, value: number, options: ScopeOptions) =>
      set(surroundings, name, value, options),
    );
  scoped(policy.command('clear'))
    .description('take the override of a country, a type or both back')
    .argument('<name>', 'the policy')
    .action(async (name: string, options: ScopeOptions) => clear(surroundings, name, options));
  return policy;
}

function scoped(command: Command): Command {
  return command
    .addOption(new Option('--environment <name>', 'live or test').choices(['live', 'test']).default('live'))
    .option('--country <code>', 'only for numbers of this country, such as US')
    .addOption(new Option('--type <type>', 'only for numbers of this type').choices(numberTypes))
    .option(...jsonOption);
}

function readValue(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function list(surroundings: Surroundings, json: boolean | undefined): Promise<void> {
  const found = await withOperator(surroundings, (ctx) => listPolicies({ ctx }));
  const result = {
    policies: found.map(({ name, meaning, unit, minimum, maximum, overridable, values }) => ({
      name,
      meaning,
      unit,
      minimum,
      maximum,
      overridable,
      values: values.map(plain),
    })),
  };
  print(surroundings, json, result, found.flatMap(sentencesOf));
}

async function set(
  surroundings: Surroundings,
  name: string,
  value: number,
  { environment, country, type, json }: ScopeOptions,
): Promise<void> {
  const row = await withOperator(surroundings, (ctx) =>
    setPolicy({ ctx, input: { name, environment, country, type, value } }),
  );
  print(surroundings, json, { name: row.name, ...plain(row) }, [
    `${row.name} is ${value} now: ${scopeName(row)}.`,
  ]);
}

async function clear(
  surroundings: Surroundings,
  name: string,
  { environment, country, type, json }: ScopeOptions,
): Promise<void> {
  const row = await withOperator(surroundings, (ctx) =>
    clearPolicy({ ctx, input: { name, environment, country, type } }),
  );
  print(surroundings, json, { name: row.name, ...plain(row) }, [
    `${row.name} has no value of its own any more: ${scopeName(row)}.`,
  ]);
}

function plain({ environment, country, type, value }: PolicyRow) {
  return { environment, country: country === '' ? null : country, type: type === '' ? null : type, value };
}

function sentencesOf({ name, unit, minimum, maximum, meaning, values }: PolicyListing): string[] {
  return [
    `${name}: ${meaning} (${unit}, ${minimum} to ${maximum})`,
    ...values.map((row) => `  ${row.value}  ${scopeName(row)}`),
  ];
}

function scopeName({ environment, country, type }: PolicyRow): string {
  const where = country === '' ? 'all countries' : country;
  return `${environment}, ${where}, ${type === '' ? 'all types' : type}`;
}
