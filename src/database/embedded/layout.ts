import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where the embedded server keeps its things inside Numex's data folder. */
export interface Layout {
  dataFolder: string;
  /** The PostgreSQL cluster itself. */
  clusterFolder: string;
  /** The superuser's password: the one secret, mode 0600. */
  passwordFile: string;
  /** How the running postmaster is reached and what it was started with, mode 0600. */
  connectionFile: string;
  /** PostgreSQL's own log; kept small by log-file.ts. */
  logFile: string;
  /** Who uses the cluster right now, and whose turn it is to change that. */
  holdersFolder: string;
  /** A private copy of the PostgreSQL binaries, only made when those in node_modules cannot be used. */
  binariesFolder: string;
}

/** Creates the data folder if it is missing and names everything below its real path. */
export async function openLayout(folder: string): Promise<Layout> {
  await mkdir(resolve(folder), { recursive: true });
  const dataFolder = await realpath(resolve(folder));
  const layout = {
    dataFolder,
    clusterFolder: join(dataFolder, 'postgres'),
    passwordFile: join(dataFolder, 'postgres.password'),
    connectionFile: join(dataFolder, 'postgres.connection.json'),
    logFile: join(dataFolder, 'postgres.log'),
    holdersFolder: join(dataFolder, 'postgres.holders'),
    binariesFolder: join(dataFolder, 'postgres.binaries'),
  };
  await mkdir(layout.holdersFolder, { recursive: true, mode: 0o700 });
  return layout;
}
