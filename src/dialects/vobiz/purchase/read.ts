import { numberIdOf } from '../../../core/number-id.js';
import { invalid, objectBody, requiredField, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { digitsNamed } from '../parse.js';

/**
 * The number that a purchase names, and the wallet it is paid from: in the currency named, else in the one that the
 * inventory shows. Raises missing_input, invalid_input.
 */
export function purchaseWanted(asked: Asked) {
  const body = objectBody(asked.body);
  const { environment } = accountAsked(asked);
  const { digits, currency } = readAll({
    digits: () => digitsNamed('e164', requiredField(body, 'e164')),
    currency: () => currencyField(body),
  });
  return {
    line: { numberId: numberIdOf(digits, environment) },
    currency,
    preferOwnPrice: true,
    tellsReleases: true,
    unmetRequirements: 'await',
  } as const;
}

/** In any case of letters. */
function currencyField(body: Body): string | undefined {
  const currency = textField(body, 'currency')?.toUpperCase();
  if (currency === undefined || /^[A-Z]{3}$/.test(currency)) return currency;
  throw invalid('currency', 'must be an ISO 4217 code such as INR');
}
