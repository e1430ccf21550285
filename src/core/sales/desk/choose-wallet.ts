import { domainError } from '../../errors.js';
import type { BuyRequest } from '../../ports.js';
import { payerIdOf } from './state.js';
import type { DeskState, WalletFacts } from './state.js';

/** The wallet of whoever pays: the account's parent for a sub-account. Raises no_wallet. */
export function chooseWallet(state: DeskState, request: BuyRequest): WalletFacts {
  const wallets = state.wallets.get(payerIdOf(request.account)) ?? [];
  const inCurrency = (currency: string | undefined) => wallets.find((wallet) => wallet.currency === currency);
  const preferred = () =>
    request.preferOwnPrice ? walletOfOwnPrice(state, request, wallets) : inCurrency(request.preferCurrency);
  const wallet = request.currency === undefined ? (preferred() ?? wallets[0]) : inCurrency(request.currency);
  if (!wallet)
    throw domainError('no_wallet', {
      currency: request.currency ?? request.preferCurrency ?? 'any currency',
    });
  return wallet;
}

/** The first wallet in whose currency a number named has a price of its own. */
function walletOfOwnPrice(
  { ownPrices }: DeskState,
  { lines }: BuyRequest,
  wallets: readonly WalletFacts[],
): WalletFacts | undefined {
  const prices = lines.flatMap(({ numberId }) =>
    numberId === undefined ? [] : (ownPrices.get(numberId) ?? []),
  );
  return wallets.find((wallet) => prices.some((price) => price.currency === wallet.currency));
}
