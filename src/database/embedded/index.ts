/**
 * The embedded database: a real PostgreSQL that Numex starts on a folder of its own. Nothing here knows what
 * is stored in it. Who may start and stop it is settled in turn.ts and holders.ts, how in postmaster.ts.
 */
export { startEmbeddedServer } from './owned-server.js';
export { borrowEmbeddedServer } from './borrowed-server.js';
export { recoverCluster } from './recover.js';
export { DataFolderBusyError, DataFolderVersionError, LaunchError } from './errors.js';
export type { EmbeddedLogger, EmbeddedServer, EmbeddedServerOptions } from './types.js';
