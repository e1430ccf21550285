import type { RentalState } from './store.js';

/**
 * The life of a number as data: from which state which verb leads where. Anything that is not in here is refused.
 * docs/number-states.md says the same in words.
 */
export interface Transition {
  readonly from: NumberState;
  readonly verb:
    | 'reserve'
    | 'expire'
    | 'cancel'
    | 'buy'
    | 'register'
    | 'suspend'
    | 'release'
    | 'end_grace'
    | 'reclaim'
    | 'end_window'
    | 'end_rest'
    | 'withdraw'
    | 'return';
  readonly to: NumberState;
}

export type NumberState =
  'in_stock' | 'reserved' | 'quarantined' | 'withdrawn' | Exclude<RentalState, 'ended'>;

const rented = ['active', 'awaiting_registration', 'suspended', 'blocked'] as const;

export const transitions: readonly Transition[] = [
  { from: 'in_stock', verb: 'reserve', to: 'reserved' },
  { from: 'reserved', verb: 'expire', to: 'in_stock' },
  { from: 'reserved', verb: 'cancel', to: 'in_stock' },
  { from: 'in_stock', verb: 'buy', to: 'active' },
  { from: 'in_stock', verb: 'buy', to: 'awaiting_registration' },
  { from: 'reserved', verb: 'buy', to: 'active' },
  { from: 'reserved', verb: 'buy', to: 'awaiting_registration' },
  { from: 'awaiting_registration', verb: 'register', to: 'active' },
  { from: 'suspended', verb: 'register', to: 'active' },
  ...rented.map((from) => ({ from, verb: 'release', to: 'pending_release' }) as const),
  ...rented.map((to) => ({ from: 'pending_release', verb: 'reclaim', to }) as const),
  ...rented.map((from) => ({ from, verb: 'end_grace', to: 'pending_release' }) as const),
  { from: 'awaiting_registration', verb: 'suspend', to: 'suspended' },
  { from: 'pending_release', verb: 'end_window', to: 'quarantined' },
  { from: 'pending_release', verb: 'end_window', to: 'in_stock' },
  { from: 'quarantined', verb: 'end_rest', to: 'in_stock' },
  { from: 'in_stock', verb: 'withdraw', to: 'withdrawn' },
  { from: 'quarantined', verb: 'withdraw', to: 'withdrawn' },
  { from: 'withdrawn', verb: 'return', to: 'in_stock' },
];

/** The states of a rental from which its holder may release it. */
export const releasableStates: readonly RentalState[] = transitions
  .filter((transition) => transition.verb === 'release')
  .map((transition) => transition.from as RentalState);
