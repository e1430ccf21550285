import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';

/** A server that cannot start, or end, for a reason that the operator can mend; the message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Makes the data folder where it is missing. Raises StartError when it cannot be made or written. */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be written (${codeOf(error)}). Make it writable for this user, or set NUMEX_DATA to another folder.`,
    );
  }
}

/** What a failed `listen` means for whoever chose host and port. */
export function listenFailure(error: unknown, { host, port }: { host: string; port: number }): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} of ${host} is in use by another program. Stop that one, or set PORT to another port.`,
      );
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}. Set PORT to 1024 or above.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`This machine has no address ${host}. Set HOST to one that it has.`);
    default:
      return error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
