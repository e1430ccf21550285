export { advanceClock, advanceSecondsMax } from './advance-clock.js';
export { attachAccount } from './attach-account.js';
export { clockNameLengthMax, createClock, listClocks } from './clocks.js';
export type { TestClock } from './clocks.js';
