import { Type } from 'typebox';
import { e164Of } from '../../../core/number-id.js';
import { healthDaysMax } from '../../../core/usage/index.js';
import type { HealthFigures } from '../../../core/usage/index.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { closed, named, oneOf, Timestamp } from '../schemas.js';
import { rentalHealth } from './verbs.js';

const healthDaysDefault = 30;

const figures = {
  total_calls: Type.Integer(),
  answered_calls: Type.Integer(),
  answer_rate: Type.Number({ description: 'Share of all calls, 0 to 1' }),
  total_minutes: Type.Number(),
  avg_duration_seconds: Type.Number({ description: 'Over the calls that have ended' }),
};

export const healthRoutes = [
  ownRoute({
    method: 'GET',
    path: '/rentals/:rental/health',
    tag: 'Rentals',
    summary: 'How the calls of a number went on the last UTC days, since the account rents it',
    params: Type.Object({ rental: Type.String() }),
    query: Type.Object(
      {
        granularity: Type.Optional(oneOf(['daily', 'hourly'])),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: healthDaysMax, default: healthDaysDefault })),
      },
      closed,
    ),
    reply: named(
      'RentalHealth',
      Type.Object({
        rental_id: Type.String(),
        number: Type.String(),
        granularity: oneOf(['daily', 'hourly']),
        summary: Type.Object({ period_days: Type.Integer(), ...figures }),
        snapshots: Type.Array(
          Type.Object({
            starts_at: Timestamp,
            ...figures,
            failed_calls: Type.Integer(),
            total_duration_seconds: Type.Integer(),
          }),
        ),
      }),
    ),
    read: ({ params, query }) => ({
      rentalId: readId('rental', params.rental),
      granularity: query.granularity ?? ('daily' as const),
      days: query.days ?? healthDaysDefault,
    }),
    verb: rentalHealth,
    render: ({ rentalId, numberId, granularity, summary, snapshots }) => ({
      rental_id: spellId('rental', rentalId),
      number: e164Of(numberId),
      granularity,
      summary: { period_days: summary.periodDays, ...renderFigures(summary) },
      snapshots: snapshots.map((snapshot) => ({
        starts_at: snapshot.startsAt.toISOString(),
        ...renderFigures(snapshot),
        failed_calls: snapshot.failedCalls,
        total_duration_seconds: snapshot.totalDurationSeconds,
      })),
    }),
  }),
];

function renderFigures(health: HealthFigures) {
  return {
    total_calls: health.totalCalls,
    answered_calls: health.answeredCalls,
    answer_rate: health.answerRate,
    total_minutes: health.totalMinutes,
    avg_duration_seconds: health.avgDurationSeconds,
  };
}
