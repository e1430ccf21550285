/** What a receiver said: any status, or why there was no answer. `retryAfter` is the header as it came. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Sends one body to a receiver and never throws for what the receiver or the network does. It follows no redirect,
 * gives up within its time limit, and refuses receivers that it may not reach.
 */
export type Post = (message: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<PostOutcome>;
