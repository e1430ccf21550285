import { Command, Option } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import { auditPageMax, getSeal, holderAt, listAudit } from '../core/audit/index.js';
import type { AuditEntryRow } from '../core/audit/index.js';
import type { Environment } from '../core/context.js';
import { domainError } from '../core/errors.js';
import { e164Of, numberIdOf } from '../core/number-id.js';
import { parseE164Lenient } from '../lib/e164.js';
import { readCount, readId, readInstant } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface ListOptions {
  readonly account?: string;
  readonly number?: string;
  readonly environment: Environment;
  readonly request?: string;
  readonly action?: string;
  readonly from?: Date;
  readonly until?: Date;
  readonly before?: number;
  readonly limit: number;
  readonly json?: boolean;
}

interface HolderOptions {
  readonly at: Date;
  readonly environment: Environment;
  readonly json?: boolean;
}

const limitDefault = 100;

export function auditCommand(surroundings: Surroundings): Command {
  const audit = new Command('audit')
    .description('who did what to what, newest first')
    .option('--account <id>', 'only entries of this account')
    .option('--number <e164>', 'only entries about this number')
    .addOption(environmentOption())
    .option('--request <id>', 'only entries of this request')
    .option('--action <name>', 'only entries of this action, such as number.buy')
    .option('--from <instant>', 'only entries from this instant on', readInstant)
    .option('--until <instant>', 'only entries before this instant', readInstant)
    .option('--before <entry>', 'only entries older than this one: the next page', readId)
    .option('--limit <count>', 'entries at most', readCount(auditPageMax), limitDefault)
    .option(...jsonOption)
    .action(async (options: ListOptions) => list(surroundings, options));
  audit
    .command('holder')
    .description('who had a number at an instant')
    .argument('<number>', 'the number in E.164')
    .requiredOption('--at <instant>', 'the instant, such as 2026-03-04T09:30:00Z', readInstant)
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(async (number: string, _: unknown, command: Command) =>
      holder(surroundings, number, command.optsWithGlobals<HolderOptions>()),
    );
  audit
    .command('seal')
    .description(
      'the last seal of the trail, or another one; its hash, kept elsewhere, proves what came before it',
    )
    .option('--seq <place>', 'its place in the chain', readId)
    .option(...jsonOption)
    .action(async (_: unknown, command: Command) => {
      const { seq, json } = command.optsWithGlobals<{ seq?: number; json?: boolean }>();
      const row = await withOperator(surroundings, (ctx) => getSeal({ ctx, input: { seq } }));
      const sealedAt = row.sealedAt.toISOString();
      const result = { seq: row.seq, hash: row.hash, entries: row.entryCount, sealed_at: sealedAt };
      print(surroundings, json, result, [
        `Seal ${row.seq} of ${sealedAt} over ${row.entryCount} entries`,
        row.hash,
      ]);
    });
  return audit;
}

function environmentOption(): Option {
  return new Option('--environment <name>', 'environment of the number')
    .choices(['live', 'test'])
    .default('live');
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const { account, number, environment, request, action, from, until, before, limit } = options;
  const rows = await withOperator(surroundings, async (ctx) =>
    listAudit({
      ctx,
      input: {
        account: account === undefined ? undefined : await getAccount({ ctx, input: { account } }),
        numberId: number === undefined ? undefined : readNumber(number, environment),
        requestId: request,
        action,
        from,
        until,
        beforeId: before,
        limit,
      },
    }),
  );
  const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
  print(surroundings, options.json, { entries: rows.map(plain), next_before: next }, rows.map(sentenceOf));
}

async function holder(
  surroundings: Surroundings,
  number: string,
  { at, environment, json }: HolderOptions,
): Promise<void> {
  const numberId = readNumber(number, environment);
  const found = await withOperator(surroundings, (ctx) => holderAt({ ctx, input: { numberId, at } }));
  const since = found?.since.toISOString();
  const until = found?.until?.toISOString() ?? null;
  const result = {
    number: e164Of(numberId),
    at: at.toISOString(),
    holder: found && { account: found.account, name: found.name, rental: found.rentalId, since, until },
  };
  const sentence = found
    ? `${result.number} was with ${found.account} (${found.name}) from ${since ?? ''} until ${until ?? 'today'}.`
    : `Nobody had ${result.number} then.`;
  print(surroundings, json, result, [sentence]);
}

function readNumber(text: string, environment: Environment): number {
  const digits = parseE164Lenient(text);
  if (digits === undefined) throw domainError('not_found', { kind: 'number', id: text });
  return numberIdOf(digits, environment);
}

function plain({
  id,
  at,
  environment,
  account,
  actor,
  action,
  subjectKind,
  subjectId,
  ...rest
}: AuditEntryRow) {
  return {
    id,
    at: at.toISOString(),
    environment,
    account,
    actor,
    action,
    subject: { kind: subjectKind, id: subjectId },
    number: rest.numberId === null ? null : e164Of(rest.numberId),
    request_id: rest.requestId,
    details: rest.details,
  };
}

function sentenceOf({ at, account, actor, action, requestId, details }: AuditEntryRow): string {
  return [at.toISOString(), account ?? '-', actor, action, requestId, JSON.stringify(details)].join('  ');
}
