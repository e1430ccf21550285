import { domainError } from '../../../core/errors.js';
import { spellId } from '../ids.js';

/** One type of event: when it happens, and the `data` of one. */
interface EventType {
  readonly summary: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const number = '+12135551234';
const at = '2026-03-04T09:30:00.000Z';
const later = '2026-04-01T09:30:00.000Z';
const order = spellId('order', 70007);
const agent = { number, kind: 'agent', rental: spellId('rental', 70021), agent: spellId('agent', 70003) };
const money = { amount_minor: 500, currency: 'EUR' };
const trunk = { name: 'Main trunk', direction: 'both', enabled: true };
const application = { name: 'Front desk', enabled: true, takes_new_numbers: false };
const subAccount = { name: 'Berlin', account: 'acc_berlin', parent: 'acc_main' };
const address = (status: string, reason: string | null = null) => ({
  address_id: 70004,
  status,
  country_code: 'DE',
  reason,
});

/** Every type of event that an endpoint can hear of. */
export const eventCatalogue: Readonly<Record<string, EventType>> = {
  'number.reserved': { summary: 'A number is held', data: { number, expires_at: at } },
  'number.rented': {
    summary: 'A number was bought',
    data: { number, order_id: order, state: 'active', ...money },
  },
  'number.registered': {
    summary: 'A number that waited for registration is registered',
    data: { number, state: 'active', address_id: 70004 },
  },
  'number.suspended': {
    summary: 'A number was not registered in time',
    data: { number, reason: 'requirements_unmet', register_by: at },
  },
  'number.described': {
    summary: 'Tags or label of a number were set',
    data: { number, tags: ['sales'], label: 'Hotline' },
  },
  'number.assigned': { summary: 'A number points at a target', data: agent },
  'number.unassigned': {
    summary: 'A number no longer points at a target',
    data: { ...agent, reason: 'released' },
  },
  'number.release_requested': {
    summary: 'A release was asked for; it can be undone until the instant given',
    data: { number, state: 'pending_release', until: at },
  },
  'number.released': { summary: 'A number was given up', data: { number, state: 'ended', until: at } },
  'number.reclaimed': {
    summary: 'A release was undone',
    data: { number, state: 'active', currency: 'EUR', charged_minor: 0, refunded_minor: 0 },
  },
  'number.moved': {
    summary: 'A number was handed to another account of the family',
    data: {
      number,
      from: 'acc_main',
      to: 'acc_berlin',
      forced: false,
      last_call_at: null,
      cool_off_until: null,
    },
  },
  'reservation.extended': { summary: 'A hold runs longer', data: { number, expires_at: at } },
  'reservation.cancelled': { summary: 'A hold was given up', data: { number } },
  'reservation.expired': { summary: 'A hold ran out', data: { number, expires_at: at } },
  'rental.renewed': {
    summary: 'A cycle was charged',
    data: { number, cycle_number: 2, due_at: at, ...money, next_charge_at: later },
  },
  'rental.past_due': {
    summary: 'A charge could not be paid',
    data: { number, past_due_since: at, ...money, retry_at: later },
  },
  'rental.resumed': { summary: 'An overdue charge was paid', data: { number, past_due_since: at } },
  'wallet.deposited': { summary: 'Money came into a wallet', data: { ...money, reason: 'Invoice 12' } },
  'wallet.refunded': { summary: 'Money was given back', data: { ...money, reason: 'Outage' } },
  'wallet.withdrawn': { summary: 'Money was paid out', data: { ...money, reason: 'Account closed' } },
  'wallet.adjusted': { summary: 'A balance was corrected', data: { ...money, reason: 'Charged twice' } },
  'agent.created': { summary: 'An agent was made', data: { name: 'Front desk', language: 'en' } },
  'agent.updated': { summary: 'An agent was changed', data: { name: 'Front desk' } },
  'agent.deleted': { summary: 'An agent was deleted', data: { name: 'Front desk' } },
  'trunk.created': { summary: 'A trunk was made', data: trunk },
  'trunk.updated': { summary: 'A trunk was changed', data: trunk },
  'trunk.deleted': { summary: 'A trunk was deleted', data: trunk },
  'application.created': { summary: 'An application was made', data: application },
  'application.updated': { summary: 'An application was changed', data: application },
  'application.deleted': { summary: 'An application was deleted', data: application },
  'sub_account.created': { summary: 'A sub-account was made', data: subAccount },
  'sub_account.updated': { summary: 'A sub-account was changed', data: subAccount },
  'sub_account.deleted': { summary: 'A sub-account was deleted', data: subAccount },
  'address.verification.pending': {
    summary: 'An address was handed in for verification',
    data: address('pending'),
  },
  'address.verification.verified': { summary: 'An address was verified', data: address('verified') },
  'address.verification.partially_verified': {
    summary: 'An address was verified in part',
    data: address('partially_verified'),
  },
  'address.verification.rejected': {
    summary: 'An address was rejected',
    data: address('rejected', 'The document cannot be read'),
  },
  'address.verification.expired': {
    summary: 'The verification of an address ran out',
    data: address('expired'),
  },
  'endpoint.disabled': {
    summary: 'An endpoint answered 410 and hears of nothing more',
    data: { endpoint: spellId('endpoint', 70002), url: 'https://example.com/numex', reason: 'gone' },
  },
  'webhook.test': { summary: 'An endpoint is tried out', data: { message: 'This is a test' } },
};

/** Filters that some type of event passes. Raises invalid_input, naming the types, for one that none does. */
export function knownFilters<F extends readonly string[] | undefined>(filters: F): F {
  const types = Object.keys(eventCatalogue);
  const passes = (filter: string) =>
    filter === '*' ||
    types.includes(filter) ||
    (filter.endsWith('.*') && types.some((type) => type.startsWith(filter.slice(0, -1))));
  const unknown = filters?.find((filter) => !passes(filter));
  if (unknown === undefined) return filters;
  throw domainError('invalid_input', {
    field: 'filters',
    reason: `no type of event passes ${JSON.stringify(unknown)}; use *, a type or a beginning such as number.*, of ${types.join(', ')}`,
  });
}
