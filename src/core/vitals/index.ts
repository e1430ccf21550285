export { readVitals } from './read-vitals.js';
export type { Vitals } from './read-vitals.js';
