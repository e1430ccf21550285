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
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Deleted, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';

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
const ApplicationShape = named(
  'Application',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    ...settingProperties,
    takes_new_numbers: Type.Boolean(),
    enabled: Type.Boolean(),
    created_at: Timestamp,
    updated_at: Timestamp,
  }),
);
const params = Type.Object({ application: Type.String() });
const path = '/applications/:application';
const tag = 'Trunks and applications';

export const applicationRoutes = [
  ownRoute({
    method: 'POST',
    path: '/applications',
    tag,
    summary: 'Make an application that numbers can be assigned to',
    status: 201,
    body: Type.Object({ name: Name, ...optionalFields }, closed),
    reply: ApplicationShape,
    read: ({ body }) => {
      const { name, takes_new_numbers: takesNewNumbers = false, enabled = true, ...settings } = body;
      return { name, takesNewNumbers, enabled, settings: readSettings(settings) };
    },
    verb: createApplication,
    render,
  }),
  ownRoute({
    method: 'GET',
    path: '/applications',
    tag,
    summary: 'The account’s applications, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: Type.Object({ ...pageOf(ApplicationShape).properties, total: Type.Integer() }),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'applications', 0), limit: rowsFor(query) }),
    verb: listApplicationsAfter,
    render: ({ rows, total }, { query }) => ({ ...renderPage(rows, query, 'applications', render), total }),
  }),
  ownRoute({
    method: 'GET',
    path,
    tag,
    summary: 'One application',
    params,
    reply: ApplicationShape,
    read: applicationNamed,
    verb: getApplication,
    render,
  }),
  ownRoute({
    method: 'PATCH',
    path,
    tag,
    summary: 'Change an application; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalFields }, closed),
    reply: ApplicationShape,
    read: (asked) => ({ ...applicationNamed(asked), changes: changesOf(asked.body) }),
    verb: updateApplication,
    render,
  }),
  ownRoute({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete an application that no number points at',
    params,
    reply: Deleted,
    read: applicationNamed,
    verb: deleteApplication,
    render: (_deleted, asked) => ({ id: asked.params.application, deleted: true }),
  }),
];

function applicationNamed(asked: { readonly params: { readonly application: string } }) {
  return { applicationId: readId('application', asked.params.application) };
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

interface GivenChanges extends WireSettings {
  readonly name?: string;
  readonly takes_new_numbers?: boolean;
  readonly enabled?: boolean;
}

/** Only what is given, in core words. */
function changesOf({
  name,
  takes_new_numbers: takesNewNumbers,
  enabled,
  ...settings
}: GivenChanges): Partial<ApplicationFields> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(takesNewNumbers === undefined ? {} : { takesNewNumbers }),
    ...(enabled === undefined ? {} : { enabled }),
    settings: readSettings(settings),
  };
}

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
