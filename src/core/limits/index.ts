export { limits } from './limits.js';
export type { Limit, LimitName } from './limits.js';
export { requireRoom } from './require-room.js';
