import { Type } from 'typebox';
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplicationsAfter,
  targetNameLengthMax,
  updateApplication,
} from '../../../core/routing/index.js';
import type { ApplicationFields, ApplicationRow, ApplicationSettings } from '../../../core/routing/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';

const Name = Type.String({ minLength: 1, maxLength: targetNameLengthMax });
const WebAddress = Type.String({ maxLength: 2000, description: 'http or https' });
const Method = oneOf(['GET', 'POST']);

/** Where the application is told of calls and messages, and how. */
const settingProperties = {
  answer_url: Type.Optional(WebAddress),
  answer_method: Type.Optional(Method),
  hangup_url: Type.Optional(WebAddress),
  hangup_method: Type.Optional(Method),
  fallback_url: Type.Optional(WebAddress),
  fallback_method: Type.Optional(Method),
  message_url: Type.Optional(WebAddress),
  message_method: Type.Optional(Method),
};
const optionalFields = {
  ...settingProperties,
  takes_new_numbers: Type.Optional(
    Type.Boolean({
      description: 'Numbers bought from now on are assigned to it; one application at most does',
    }),
  ),
  enabled: Type.Optional(Type.Boolean()),
};
const ApplicationShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  ...settingProperties,
  takes_new_numbers: Type.Boolean(),
  enabled: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const params = Type.Object({ application: Type.String() });
const path = '/applications/:application';
const tag = 'Trunks and applications';

export const applicationRoutes = [
  route({
    method: 'POST',
    path: '/applications',
    tag,
    summary: 'Make an application that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, ...optionalFields }, closed),
    reply: ApplicationShape,
    answer: async (ctx, { body }) => {
      const { name, takes_new_numbers: takesNewNumbers = false, enabled = true, ...settings } = body;
      const input = { name, takesNewNumbers, enabled, settings: readSettings(settings) };
      return render(await createApplication({ ctx, input }));
    },
  }),
  route({
    method: 'GET',
    path: '/applications',
    tag,
    summary: 'The account’s applications, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: Type.Object({ ...pageOf(ApplicationShape).properties, total: Type.Integer() }),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'applications', 0);
      const { rows, total } = await listApplicationsAfter({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'applications');
      return { data: page.map(render), next_cursor: nextCursor, total };
    },
  }),
  route({
    method: 'GET',
    path,
    tag,
    summary: 'One application',
    params,
    reply: ApplicationShape,
    answer: async (ctx, asked) => render(await getApplication({ ctx, input: named(asked.params) })),
  }),
  route({
    method: 'PATCH',
    path,
    tag,
    summary: 'Change an application; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalFields }, closed),
    reply: ApplicationShape,
    answer: async (ctx, asked) => {
      const { name, takes_new_numbers: takesNewNumbers, enabled, ...settings } = asked.body;
      const changes: Partial<ApplicationFields> = {
        ...(name === undefined ? {} : { name }),
        ...(takesNewNumbers === undefined ? {} : { takesNewNumbers }),
        ...(enabled === undefined ? {} : { enabled }),
        settings: readSettings(settings),
      };
      return render(await updateApplication({ ctx, input: { ...named(asked.params), changes } }));
    },
  }),
  route({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete an application that no number points at',
    params,
    reply: Type.Object({ id: Type.String(), deleted: Type.Boolean() }),
    answer: async (ctx, asked) => {
      await deleteApplication({ ctx, input: named(asked.params) });
      return { id: asked.params.application, deleted: true };
    },
  }),
];

function named({ application }: { readonly application: string }) {
  return { applicationId: readId('application', application) };
}

type WireSettings = Partial<Record<(typeof settingNames)[number][0], string>>;

/** Pairs of the wire's word and the core's. */
const settingNames = [
  ['answer_url', 'answerUrl'],
  ['answer_method', 'answerMethod'],
  ['hangup_url', 'hangupUrl'],
  ['hangup_method', 'hangupMethod'],
  ['fallback_url', 'fallbackUrl'],
  ['fallback_method', 'fallbackMethod'],
  ['message_url', 'messageUrl'],
  ['message_method', 'messageMethod'],
] as const;

function readSettings(settings: WireSettings): ApplicationSettings {
  return Object.fromEntries(
    settingNames.flatMap(([wire, core]) => (settings[wire] === undefined ? [] : [[core, settings[wire]]])),
  );
}

function render(row: ApplicationRow) {
  const settings = settingNames.flatMap(([wire, core]) => {
    const value = row.settings[core];
    return value === undefined ? [] : [[wire, value] as const];
  });
  return {
    id: spellId('application', row.id),
    name: row.name,
    ...Object.fromEntries(settings),
    takes_new_numbers: row.takesNewNumbers,
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
