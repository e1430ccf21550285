import { wireRoute } from '../../http/route.js';
import type { RouteSteps } from '../../http/route.js';
import { WireReply } from '../../http/wire.js';
import type { RouteErrors, VobizRoute } from './errors.js';

/** A route in three steps, with what it says otherwise than the rest of this wire. */
export function vobizRoute<I, R>({
  errors,
  ...steps
}: RouteSteps<I, R> & { readonly errors?: RouteErrors }): VobizRoute {
  return { ...wireRoute(steps), ...(errors ? { errors } : {}) };
}

/** 204, and not a byte. */
export function nothing(): WireReply {
  return new WireReply(undefined, { status: 204 });
}
