import { decideAddressesJob } from './decide-addresses.js';
import { endQuarantinesJob } from './end-quarantines.js';
import { endReclaimWindowsJob } from './end-reclaim-windows.js';
import { expireReservationsJob } from './expire-reservations.js';
import { foldStockChangesJob } from './fold-stock-changes.js';
import type { Job } from './job.js';
import { pruneIdempotencyJob } from './prune-idempotency.js';
import { recallPastDuesJob } from './recall-past-dues.js';
import { renewRentalsJob } from './renew-rentals.js';
import { sealAudit } from './seal-audit.js';
import { suspendUnregisteredJob } from './suspend-unregistered.js';

/** All work that falls due without a request; docs/operations/due-work.md says what each does and how late it may be. */
export const schedule: readonly Job[] = [
  expireReservationsJob,
  recallPastDuesJob,
  renewRentalsJob,
  suspendUnregisteredJob,
  endReclaimWindowsJob,
  endQuarantinesJob,
  pruneIdempotencyJob,
  decideAddressesJob,
  sealAudit,
  foldStockChangesJob,
];
