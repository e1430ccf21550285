import type { Static, TObject, TSchema } from 'typebox';
import type { Account } from '../../core/context.js';
import { wireRoute } from '../../http/route.js';
import type { RouteSteps } from '../../http/route.js';
import type { UploadGate, WireRoute } from '../../http/wire.js';
import type * as wire from '../../http/wire.js';
import { operationIdOf } from './operation-id.js';
import type { OperationId } from './operation-id.js';
import { Fault, Refusal } from './problems.js';
import type { Tag } from './tags.js';

/** A request of the own API that has passed the schemas of its route. */
export interface Asked<Q, P, B> {
  readonly query: Q;
  readonly params: P;
  readonly body: B;
  /** The account that the request acts for; none for an operator who names none. */
  readonly account: Account | undefined;
}

/** What a route says of itself; the API reference comes from the schemas that check its input and shape its answer. */
interface Described<Q extends TObject, P extends TObject, B extends TObject> {
  readonly method: WireRoute['method'];
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  /** What a caller has to know beside the summary and what `conditionsOf` says of every route like it. */
  readonly description?: string;
  /** Name of the operation in clients; made of method and path unless it is given. */
  readonly operationId?: OperationId;
  /** 200 unless it says otherwise. */
  readonly status?: number;
  readonly query?: Q;
  readonly params?: P;
  readonly body?: B;
  readonly reply: TSchema;
  readonly admitUpload?: UploadGate;
  /** Media types of the answer where it is not JSON. */
  readonly produces?: readonly string[];
}

/** The steps of `wireRoute`, with requests typed by the route's schemas. */
interface OwnRoute<Q extends TObject, P extends TObject, B extends TObject, I, R> extends Described<Q, P, B> {
  readonly read: (asked: Asked<Static<Q>, Static<P>, Static<B>>) => I;
  readonly verb: RouteSteps<I, R>['verb'];
  readonly render: (result: R, asked: Asked<Static<Q>, Static<P>, Static<B>>) => unknown;
}

/** A route of the own API: `wireRoute` with what the API reference wants to know. */
export function ownRoute<Q extends TObject, P extends TObject, B extends TObject, I, R>(
  route: OwnRoute<Q, P, B, I, R>,
): WireRoute {
  const { method, path, status = 200, admitUpload, read, verb, render } = route;
  // The server has checked it before any step sees it.
  const checked = (asked: wire.Asked) => asked as unknown as Asked<Static<Q>, Static<P>, Static<B>>;
  return wireRoute<I, R>({
    method,
    path,
    status,
    schema: schemaOf(route),
    ...(admitUpload ? { admitUpload } : {}),
    read: (asked) => read(checked(asked)),
    verb,
    render: (result, asked) => render(result, checked(asked)),
  });
}

function schemaOf(route: Described<TObject, TObject, TObject>) {
  const {
    method,
    path,
    status = 200,
    tag,
    summary,
    query,
    params,
    body,
    reply,
    admitUpload,
    produces,
  } = route;
  const { operationId = operationIdOf(method, path, isList(reply)), description } = route;
  const idempotency = {
    type: 'object',
    properties: {
      'idempotency-key': {
        type: 'string',
        description: 'A repeat with the same key and request gets the first answer again',
      },
    },
  };
  return {
    tags: [tag],
    summary,
    description: [description, conditionsOf(route)].filter(Boolean).join(' '),
    operationId,
    security: [{ key: [] }],
    ...(admitUpload ? { consumes: ['application/json', 'multipart/form-data'] } : {}),
    ...(produces ? { produces: [...produces] } : {}),
    ...(query ? { querystring: query } : {}),
    ...(params ? { params } : {}),
    ...(body ? { body } : {}),
    ...(method === 'GET' ? {} : { headers: idempotency }),
    response: { [status]: reply, '4xx': Refusal, '5xx': Fault },
  };
}

/** Whether the answer has rows below `data`. */
function isList(reply: TSchema): boolean {
  const { properties } = reply as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
  return properties?.['data']?.type === 'array';
}

/** What holds for all routes of a kind: which key they need, and how they are repeated or paged. */
function conditionsOf({ method, query }: Described<TObject, TObject, TObject>): string {
  if (method !== 'GET') {
    return 'Needs a key of scope `full`. With an `Idempotency-Key`, a repeat gets the first answer again and changes nothing.';
  }
  if (!query || !('cursor' in query.properties)) return 'A key of scope `read` is enough.';
  return 'A key of scope `read` is enough. The next page is asked for with `cursor`; `next_cursor` is null on the last one.';
}
