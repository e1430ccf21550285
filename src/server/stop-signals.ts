const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** One Ctrl-C can arrive twice, from the terminal and from npm: what comes this soon after the first is the same. */
const sameStopMilliseconds = 500;

/** Tells when the process has been asked to stop. */
export interface StopSignals {
  readonly asked: Promise<void>;
  readonly isAsked: () => boolean;
  /** Leaves signals to their usual effect again. */
  forget(): void;
}

/** Listens for SIGTERM, SIGINT and SIGHUP. The first one asks to stop; a later one means at once. */
export function listenForStop(endAtOnce: () => void): StopSignals {
  let askedAt: number | undefined;
  let tell: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const hear = (): void => {
    if (askedAt !== undefined && performance.now() - askedAt > sameStopMilliseconds) endAtOnce();
    askedAt ??= performance.now();
    tell();
  };
  for (const signal of signals) process.on(signal, hear);
  return {
    asked,
    isAsked: () => askedAt !== undefined,
    forget: () => {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
