/** Another running Numex owns the data folder; two servers on one cluster would fight over its processes. */
export class DataFolderBusyError extends Error {
  override readonly name = 'DataFolderBusyError';
  readonly ownerPid: number;
  /** In another container or on another host: the number means nothing here. */
  readonly elsewhere: boolean;

  constructor(dataFolder: string, ownerPid: number, elsewhere: boolean) {
    const where = elsewhere ? ' in another container or on another host' : '';
    super(`The data folder ${dataFolder} is in use by another running Numex (process ${ownerPid}${where}).`);
    this.ownerPid = ownerPid;
    this.elsewhere = elsewhere;
  }
}

/** The cluster was written by another major version of PostgreSQL, whose files this one cannot read. */
export class DataFolderVersionError extends Error {
  override readonly name = 'DataFolderVersionError';
  readonly foundMajor: number;
  readonly supportedMajor: number;

  constructor(clusterFolder: string, foundMajor: number, supportedMajor: number) {
    const advice =
      foundMajor > supportedMajor
        ? 'Install the newer Numex that wrote it.'
        : 'Move the data over with pg_upgrade or pg_dump of that version first.';
    super(
      `${clusterFolder} belongs to PostgreSQL ${foundMajor}; this Numex brings PostgreSQL ${supportedMajor}. ${advice}`,
    );
    this.foundMajor = foundMajor;
    this.supportedMajor = supportedMajor;
  }
}

/** The postmaster ended before it was ready. `transient` says that trying again may help. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly transient: boolean;

  constructor(reason: string, transient: boolean) {
    super(`The embedded PostgreSQL did not start: ${reason}`);
    this.transient = transient;
  }
}
