export { clockOf } from './account.js';
export type { Account, Environment, KeyScope } from './account.js';
export { accountOf, actorName } from './actor.js';
export type { Actor } from './actor.js';
export { actFor, actingAccount, checkKey, requireOperator, writingAccount } from './authorize.js';
export { batchOf, dueBatchMax } from './due-scope.js';
export type { DueBatch, DueScope } from './due-scope.js';
export { dueInScope, inScope, setAside } from './store.js';
export type { DueRows } from './store.js';
