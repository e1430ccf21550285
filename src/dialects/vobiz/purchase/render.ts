import { renderHeld } from '../numbers/render.js';
import type { HeldNumber } from '../numbers/verbs.js';

/** The number in full, and its short form in a list of one (contract 4). */
export function renderBought(bought: HeldNumber) {
  const number = renderHeld(bought);
  const { id, account_id, e164, country, region, capabilities, status, monthly_fee, currency } = number;
  return {
    message: 'Number purchased successfully',
    number: { ...number, auth_id: account_id, source: 'inventory' },
    items: [{ id, account_id, e164, country, region, capabilities, status, monthly_fee, currency }],
  };
}
