import { join } from 'node:path';
import { findFreePort } from './free-port.js';
import type { Layout } from './layout.js';

/** How a postmaster is reached: by a socket in a folder, or over the loopback address. */
export interface Reach {
  /** Of the loopback address; the last part of the socket's name. */
  readonly port: number;
  /** Absent on the loopback address. */
  readonly socketFolder?: string;
}

/** Only names the socket, so no two clusters can be in each other's way. */
const SOCKET_PORT = 5432;
/** What fits into a socket's address, without the zero at its end. */
const SOCKET_PATH_MAX_BYTES = process.platform === 'linux' ? 107 : 103;
/** On the loopback address anybody on the machine can take connections, if only until they fail to sign in. */
const LOOPBACK_CONNECTIONS_MAX = 300;
const LOOPBACK_RESERVED = 100;
const LOOPBACK_SIGN_IN_SECONDS = 5;

/** Whether the system has sockets for the cluster: not where its folder has too long a name, and not on Windows. */
export function hasSocket({ clusterFolder }: Layout): boolean {
  const path = socketPath(clusterFolder, SOCKET_PORT);
  return process.platform !== 'win32' && Buffer.byteLength(path) <= SOCKET_PATH_MAX_BYTES;
}

/**
 * How a cluster that starts now is to be reached. The socket lies in the cluster's own folder, which only PostgreSQL's
 * user and root may enter.
 */
export async function chooseReach(layout: Layout): Promise<Reach> {
  return hasSocket(layout) ? { port: SOCKET_PORT, socketFolder: layout.clusterFolder } : loopback();
}

export async function loopback(): Promise<Reach> {
  return { port: await findFreePort() };
}

export function isSameReach(one: Reach, other: Reach): boolean {
  return one.port === other.port && one.socketFolder === other.socketFolder;
}

/** The settings of a postmaster that is reached in this way; those given for the cluster win over limits. */
export function reachSettings(
  { port, socketFolder }: Reach,
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  if (socketFolder !== undefined) {
    // Relative to the cluster, its working folder: the way there may be closed to PostgreSQL's user.
    return { listen_addresses: '', port: String(port), unix_socket_directories: '.', ...settings };
  }
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // Of use to our role alone, which is the cluster's superuser.
    superuser_reserved_connections: String(LOOPBACK_RESERVED),
    authentication_timeout: String(LOOPBACK_SIGN_IN_SECONDS),
    ...settings,
    max_connections: String(Math.max(LOOPBACK_CONNECTIONS_MAX, Number(settings['max_connections'] ?? 0))),
  };
}

export function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`);
}
