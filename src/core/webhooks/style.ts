/** A fact as deliveries tell it, with what every style may need of it. */
export interface WebhookEvent {
  readonly id: number;
  readonly at: Date;
  readonly type: string;
  readonly accountId: number;
  readonly accountPublicId: string;
  readonly subjectKind: string;
  readonly subjectId: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Where a delivery goes. `accountId` is the endpoint's owner: the event's account, or that account's parent. */
export interface WebhookTarget {
  readonly endpointId: number;
  readonly accountId: number;
  readonly url: string;
}

/**
 * How deliveries are written and signed on one wire. A dialect has its own, registered at start under its
 * name; endpoints carry the name.
 */
export interface WebhookStyle {
  readonly name: string;
  /** The body, as JSON text: what is signed is what is sent. */
  readonly render: (event: WebhookEvent, target: WebhookTarget, at: Date) => string;
  /**
   * Headers that prove the body. `secrets` are those in force, the newest first. The same delivery has the same id
   * however often it is tried.
   */
  readonly sign: (
    body: string,
    secrets: readonly string[],
    at: Date,
    deliveryId: number,
  ) => Readonly<Record<string, string>>;
}

export type WebhookStyles = ReadonlyMap<string, WebhookStyle>;
