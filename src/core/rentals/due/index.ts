export { endReclaimWindows } from './end-reclaim-windows.js';
export { recallPastDues } from './renewals/recall-past-dues.js';
export { renewRentals } from './renewals/renew-rentals.js';
export { findNextDue } from './store.js';
export type { NextDue } from './store.js';
export { suspendUnregistered } from './suspend-unregistered.js';
