import type { Environment } from '../context.js';

/** Who did what to what, as an audit row keeps it; with `event`, outsiders hear of it too. */
export interface Change {
  readonly at: Date;
  readonly environment: Environment | null;
  readonly accountId: number | null;
  readonly actor: string;
  readonly requestId: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: number;
  readonly numberId: number | null;
  readonly details: Record<string, unknown>;
  /** Type of the event to publish, such as `number.rented`; its payload is `details`. */
  readonly event?: string;
}
