export { clockOf } from './account.js';
export type { Account, AccountStatus, Environment, KeyScope } from './account.js';
export { accountOf, actorName } from './actor.js';
export type { Actor } from './actor.js';
export {
  actFor,
  actingAccount,
  checkKey,
  requireOperator,
  requireStanding,
  writingAccount,
} from './authorize.js';
export { batchOf, dueBatchMax } from './due-scope.js';
export type { DueBatch, DueScope } from './due-scope.js';
export { keepActingStanding, keepStanding } from './keep-standing.js';
export { dueInScope, inScope, lockStandings, setAside } from './store.js';
export type { AccountLock, DueRows } from './store.js';
