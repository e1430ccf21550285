import type { IncomingMessage } from 'node:http';
import { malformed } from './malformed.js';

/** What a body has to bring in each period until it is complete: 16 KiB a second. */
const periodSeconds = 5;
const periodBytesMin = periodSeconds * 16 * 1024;
/** From the first byte that is read to the end. */
const periodsMax = 12;

/** Watches a body that is being read. */
export interface Pace {
  /** Aborted with a domain error when the body stalls or breaks off. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** A client that we keep waiting is not slow: while bytes lie here unread, the period does not count. */
export function watchPace(body: IncomingMessage): Pace {
  const controller = new AbortController();
  const end = (reason: string): void => controller.abort(malformed(reason));
  const { socket } = body;
  let bytesBefore = socket.bytesRead;
  let periods = 0;
  const timer = setInterval(() => {
    const bytes = socket.bytesRead - bytesBefore;
    bytesBefore = socket.bytesRead;
    if (++periods >= periodsMax) end('came too slowly');
    else if (!body.complete && body.readableLength === 0 && bytes < periodBytesMin) end('came too slowly');
  }, periodSeconds * 1000);
  const closed = (): void => {
    if (!body.complete) end('ended before all of it had come');
  };
  body.once('close', closed);
  return {
    signal: controller.signal,
    stop: () => {
      clearInterval(timer);
      body.off('close', closed);
    },
  };
}
