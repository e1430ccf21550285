import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { listPayingWallets } from '../../../core/ledger/index.js';
import { numberIdOf } from '../../../core/number-id.js';
import { getNumber, offerNumbers } from '../../../core/stock/index.js';
import { invalid, objectBody, requiredField, textField } from '../../../http/body.js';
import { digitsNamed } from '../parse.js';

/**
 * The number that a purchase names, and the wallet it is paid from: in the currency named, which the payer must have a
 * wallet in, else in the one that the inventory shows.
 */
export async function purchaseWanted(ctx: RootContext, raw: unknown) {
  const body = objectBody(raw);
  const digits = digitsNamed('e164', requiredField(body, 'e164'));
  const named = textField(body, 'currency')?.toUpperCase();
  const account = actingAccount(ctx);
  const numberId = numberIdOf(digits, account.environment);
  if (named === undefined) {
    const number = await getNumber({ ctx, input: { numberId } });
    const offers = await offerNumbers({ ctx, input: { numbers: [number] } });
    return { numberId, preferCurrency: offers.get(numberId)?.currency };
  }
  const wallets = await listPayingWallets({ ctx, input: { account } });
  if (!wallets.some((wallet) => wallet.currency === named)) {
    throw invalid('currency', 'must be the currency of a wallet of this account');
  }
  return { numberId, currency: named };
}
