/** Backups of the embedded database and its documents, and the archive of its log (ADR 17). */
export { archiveContinuously, forgetArchive } from './archive.js';
export type { Archive } from './archive.js';
export { createBackup } from './create.js';
export type { BackupSummary } from './create.js';
export { BackupError } from './errors.js';
export { listFound } from './list.js';
export type { FoundBackup } from './list.js';
export { pruneBackups } from './prune.js';
export type { Pruned } from './prune.js';
export { restoreBackup } from './restore.js';
export type { Restored } from './restore.js';
export { verifyBackups } from './verify.js';
export type { VerifiedBackup } from './verify.js';
