import type { Account, Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { listWalletRows } from '../store.js';
import type { WalletRow } from '../store.js';
import { monthOf, readMonth } from './month.js';
import type { Month } from './month.js';
import { findStatementPage, findStatementRows } from './statement-store.js';
import type { LinePosition, StatementRow, StatementSums } from './statement-store.js';

/** Lines that are read at a time for a whole statement. */
export const statementBatchLines = 1000;

export interface StatementLine extends StatementRow {
  /** The balance after this line. */
  readonly balanceMinor: number;
}

/** Whose statement it is, of which wallet, and what was there before its first line. */
export interface StatementHead {
  readonly account: Pick<Account, 'publicId' | 'name'>;
  readonly currency: string;
  readonly month: Month;
  readonly openingMinor: number;
}

export interface StatementPage extends StatementHead, StatementSums {
  readonly closingMinor: number;
  readonly lines: StatementLine[];
}

/** A statement with all its lines, read while they are written out. */
export interface WholeStatement extends StatementHead {
  readonly batches: AsyncIterable<readonly StatementLine[]>;
}

export interface StatementInput {
  readonly account: Account;
  readonly currency: string;
  /** Such as 2026-03, in UTC; the running one unless said. */
  readonly month?: string | undefined;
}

/**
 * A page of what moved in a wallet in a month, the earliest first, with its opening and closing balance. Lines belong to
 * the day that they are dated by. Raises no_wallet, invalid_input (month).
 */
export async function pageOfStatement({
  ctx,
  input,
}: {
  ctx: Context;
  input: StatementInput & { readonly after?: LinePosition | undefined; readonly limit: number };
}): Promise<StatementPage> {
  const { wallet, month } = await walletAndMonth(ctx, input);
  const { after, limit, account } = input;
  const { sums, rows } = await findStatementPage(ctx.sql, { walletId: wallet.id, month, after, limit });
  const closingMinor = sums.openingMinor + sums.creditsMinor - sums.debitsMinor;
  const lines = withBalances(rows, sums.balanceBehindMinor);
  return { account, currency: wallet.currency, month, ...sums, closingMinor, lines };
}

/**
 * The whole statement of a month in batches, whatever its length: the balances are those of the lines given, from the
 * opening balance on. Raises no_wallet, invalid_input (month).
 */
export async function wholeStatement({
  ctx,
  input,
}: {
  ctx: Context;
  input: StatementInput;
}): Promise<WholeStatement> {
  const { wallet, month } = await walletAndMonth(ctx, input);
  const page = { walletId: wallet.id, month, limit: statementBatchLines };
  const { sums, rows } = await findStatementPage(ctx.sql, { ...page, after: undefined });
  const { openingMinor } = sums;
  async function* batches(): AsyncGenerator<readonly StatementLine[]> {
    let lines = withBalances(rows, openingMinor);
    for (;;) {
      yield lines;
      const last = lines.at(-1);
      if (!last || lines.length < statementBatchLines) return;
      const after = { at: last.createdAt, id: last.id };
      lines = withBalances(await findStatementRows(ctx.sql, { ...page, after }), last.balanceMinor);
    }
  }
  return { account: input.account, currency: wallet.currency, month, openingMinor, batches: batches() };
}

async function walletAndMonth(
  ctx: Context,
  { account, currency, month }: StatementInput,
): Promise<{ wallet: WalletRow; month: Month }> {
  const asked = month === undefined ? monthOf(ctx.clock.now()) : readMonth('month', month);
  const wallets = await listWalletRows(ctx.sql, account.id);
  const wallet = wallets.find((candidate) => candidate.currency === currency);
  if (!wallet) throw domainError('no_wallet', { currency });
  return { wallet, month: asked };
}

function withBalances(rows: readonly StatementRow[], behindMinor: number): StatementLine[] {
  let balanceMinor = behindMinor;
  return rows.map((row) => {
    balanceMinor += row.direction === 'credit' ? row.amountMinor : -row.amountMinor;
    return { ...row, balanceMinor };
  });
}
