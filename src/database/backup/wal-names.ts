/** Bytes of a segment of the write-ahead log: what initdb chooses unless told otherwise. */
export const segmentBytes = 16 * 1024 * 1024;
const segmentsPerLog = 0x1_0000_0000 / segmentBytes;

/** Number of the segment that holds the byte at this position of the log. */
export function segmentAt(lsn: number): number {
  return Math.floor(lsn / segmentBytes);
}

/** The file name of a segment, as PostgreSQL spells it: timeline, log, segment. */
export function segmentName(timeline: number, segment: number): string {
  const parts = [timeline, Math.floor(segment / segmentsPerLog), segment % segmentsPerLog];
  return parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}
