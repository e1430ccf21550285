export { deleteNumber } from './delete-number.js';
export { checkReason } from './change-number.js';
export type { NumberChange } from './change-number.js';
export { moveToGroup } from './move-to-group.js';
export { clearNumberPrice, repriceNumber } from './reprice-number.js';
export type { RepricedNumber } from './reprice-number.js';
export { endRest, returnNumber, withdrawNumber } from './withdraw-number.js';
export type { WithdrawnNumber } from './withdraw-number.js';
