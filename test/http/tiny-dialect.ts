import { createAgent, getAgent, listAgents } from '../../src/core/routing/index.js';
import { objectBody, requiredField, textField } from '../../src/http/body.js';
import { basic, bearer, firstOf, headerPair, namedHeader } from '../../src/http/credentials.js';
import type { Dialect } from '../../src/http/dialect.js';
import { errorsFrom } from '../../src/http/error-table.js';
import type { ErrorTable } from '../../src/http/error-table.js';
import { readAll } from '../../src/http/faults.js';
import { idNamed, namesFrom, wordIds } from '../../src/http/ids.js';
import {
  encodeCursor,
  offsetFrom,
  pageNumberFrom,
  pageOfRows,
  positionsFrom,
  sizeFrom,
} from '../../src/http/paging.js';
import { wireRoute } from '../../src/http/route.js';

/** A wire of no vendor: robots are agents. It uses every part of the kit and is registered by one line in a list. */

const ids = wordIds('robot-');
const size = { name: 'size', usual: 2, max: 3, above: 'refused' } as const;

type Text = string | undefined;

interface Position {
  readonly size: number;
  readonly skip: number;
  readonly afterId: number;
}

const robotRoutes = [
  wireRoute({
    method: 'POST',
    path: '/robots',
    status: 201,
    read: ({ body }) => {
      const fields = objectBody(body);
      return readAll({
        name: () => requiredField(fields, 'name'),
        voice: () => textField(fields, 'voice'),
        language: () => textField(fields, 'language'),
      });
    },
    verb: createAgent,
    render: ({ agentId, name }) => ({ robot: ids.spell(agentId), name }),
  }),
  wireRoute({
    method: 'GET',
    path: '/robots/:id',
    read: ({ params }) => ({ agentId: idNamed(ids, 'agent', params['id'] ?? '') }),
    verb: getAgent,
    render: ({ id, name }) => ({ robot: ids.spell(id), name }),
  }),
  wireRoute({
    method: 'GET',
    path: '/robots',
    read: ({ query }): Position => {
      const perPage = sizeFrom(query['size'] as Text, size);
      const page = pageNumberFrom(query['page'] as Text);
      const skip = offsetFrom(query['offset'] as Text) + (page - 1) * perPage;
      return { size: perPage, skip, afterId: positionsFrom(query['cursor'] as Text, 'robots')?.[0] ?? 0 };
    },
    verb: async ({ ctx, input }) => {
      const limit = input.skip + input.size + 1;
      const rows = await listAgents({ ctx, input: { afterId: input.afterId, limit } });
      return { rows: rows.slice(input.skip), size: input.size };
    },
    render: ({ rows, size: perPage }) => {
      const { page, last } = pageOfRows(rows, perPage);
      return {
        robots: page.map(({ name }) => name),
        next: last ? encodeCursor([last.id], 'robots') : null,
      };
    },
  }),
];

const words: ErrorTable<readonly [status: number, word: string]> = {
  invalid_input: [400, 'bad'],
  missing_input: [400, 'bad'],
  unauthenticated: [401, 'who'],
  forbidden: [403, 'no'],
  read_only_key: [403, 'no'],
  account_blocked: [403, 'no'],
  not_found: [404, 'gone'],
  number_unavailable: [409, 'late'],
  group_sold_out: [409, 'late'],
  selection_not_allowed: [409, 'late'],
  already_owned: [409, 'late'],
  not_offered: [409, 'late'],
  no_wallet: [402, 'money'],
  price_above_maximum: [402, 'money'],
  insufficient_funds: [402, 'money'],
  requirements_unmet: [409, 'late'],
  reservation_limit_reached: [409, 'late'],
  limit_reached: [409, 'late'],
  order_abandoned: [409, 'late'],
  already_assigned: [409, 'late'],
  still_in_use: [409, 'late'],
  cool_off_in_effect: [409, 'late'],
  wrong_state: [409, 'late'],
  idempotency_key_reused: [409, 'again'],
  idempotency_in_progress: [409, 'again'],
  rate_limited: [429, 'slow'],
  unavailable: [503, 'later'],
  outcome_unknown: [504, 'perhaps'],
  order_refused: [409, 'late'],
  method_not_allowed: [405, 'verb'],
  internal: [500, 'ours'],
};

export const tiny: Dialect = {
  name: 'tiny',
  prefix: '/tiny',
  routes: robotRoutes,
  forms: true,
  authentication: {
    credentials: firstOf(
      bearer,
      namedHeader('x-robot-key'),
      headerPair('x-robot-of', 'x-robot-secret'),
      basic,
    ),
    operators: false,
  },
  limits: { requestsPerMinute: 40, headers: ({ remaining }) => ({ 'x-left': remaining }) },
  errors: errorsFrom(words, ([status, word], { message }) => ({ status, body: { word, message } })),
  nameOf: namesFrom({ agent: ids }),
};
