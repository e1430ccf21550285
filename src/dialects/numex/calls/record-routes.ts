import { Type } from 'typebox';
import { callLineOf, recordedCallsMax } from '../../../core/usage/index.js';
import { ownRoute } from '../kit.js';
import { closed, named, oneOf } from '../schemas.js';
import { tag } from './shapes.js';
import { recordLines } from './verbs.js';

/** The fields of a line are looked at one line at a time, so that a bad one does not refuse the others. */
const LineShape = named(
  'CallLine',
  Type.Object({
    call_id: Type.Unknown({ description: 'Your id of the call, unique per environment' }),
    direction: Type.Unknown({ description: 'inbound or outbound' }),
    from: Type.Optional(Type.Unknown({ description: 'E.164; leave it out for a withheld number' })),
    to: Type.Unknown({ description: 'E.164, or a short code' }),
    started_at: Type.Unknown({ description: 'ISO 8601 with its offset' }),
    answered_at: Type.Optional(Type.Unknown()),
    ended_at: Type.Optional(Type.Unknown({ description: 'Leave it out while the call is in progress' })),
    duration: Type.Optional(Type.Unknown({ description: 'Seconds; follows from the times when left out' })),
    billable: Type.Optional(Type.Unknown({ description: 'Seconds; follows from the times when left out' })),
    hangup_cause: Type.Optional(Type.Unknown()),
    sip_call_id: Type.Optional(Type.Unknown()),
    bridge_id: Type.Optional(Type.Unknown()),
    context: Type.Optional(Type.Unknown({ description: 'Part of the dial plan' })),
    hangup_disposition: Type.Optional(Type.Unknown({ description: 'How the leg was released' })),
    campaign_id: Type.Optional(Type.Unknown()),
  }),
);

export const recordRoutes = [
  ownRoute({
    method: 'POST',
    operationId: 'recordCalls',
    path: '/calls',
    tag,
    summary: 'Record calls, idempotent by call id; each line gets a result of its own (admin key)',
    body: Type.Object(
      {
        environment: Type.Optional(oneOf(['live', 'test'], 'live when left out')),
        calls: Type.Array(LineShape, { minItems: 1, maxItems: recordedCallsMax }),
      },
      closed,
    ),
    reply: Type.Object({
      results: Type.Array(
        Type.Object({
          call_id: Type.Union([Type.String(), Type.Null()]),
          outcome: oneOf(['recorded', 'repeated', 'updated', 'refused']),
          reason: Type.Optional(Type.String()),
        }),
      ),
    }),
    read: ({ body }) => ({
      environment: body.environment ?? ('live' as const),
      calls: body.calls.map(callLineOf),
    }),
    verb: recordLines,
    render: (outcomes) => ({
      results: outcomes.map(({ callId, ...outcome }) => ({ call_id: callId, ...outcome })),
    }),
  }),
];
