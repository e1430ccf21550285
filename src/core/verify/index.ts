export { verifyBooks } from './verify-books.js';
export type { Verification } from './verify-books.js';
export type { CheckResult } from './check.js';
