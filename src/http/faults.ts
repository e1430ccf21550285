/** The faults of an input as the core tells them, for the readers of all wires. */
export { inputFailure, readAll } from '../core/faults.js';
export type { InputFault } from '../core/faults.js';
