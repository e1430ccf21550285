import { eventCatalogue } from '../../dialects/numex/webhooks/event-catalogue.js';
import { pascal } from './shape-names.js';

/** The `webhooks` of the document: one for each type of event, with an example. */
export function webhooksOfDocument(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(eventCatalogue).map(([type, { summary, data }]) => [
      type,
      {
        post: {
          operationId: `receive${pascal(type)}`,
          tags: ['Webhooks'],
          summary,
          description:
            'Sent to the endpoints whose filters it passes, signed by the Standard Webhooks specification.',
          security: [],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Event' },
                    { type: 'object', properties: { type: { const: type } } },
                  ],
                },
                example: {
                  id: 'evt_1c',
                  type,
                  timestamp: '2026-03-04T09:30:00.000Z',
                  account_id: 'acc_main',
                  data,
                },
              },
            },
          },
          responses: {
            '2XX': { description: 'Taken' },
            '4XX': { description: 'Tried again later; 410 disables the endpoint' },
          },
        },
      },
    ]),
  );
}
