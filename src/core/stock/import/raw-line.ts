/** One line of stock as it was given, before anybody has looked at it. An empty text means that nothing was said. */
export interface RawLine {
  /** Line of the file, or position in the range, from 1. */
  readonly line: number;
  readonly number: string;
  readonly group: string;
  readonly type: string;
  readonly features: string;
  readonly currency: string;
  readonly setup: string;
  readonly recurring: string;
  readonly cycle: string;
  /** What is wrong with the line itself, when it could not be read. */
  readonly defect?: string;
}
