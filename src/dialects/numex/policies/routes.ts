import { Type } from 'typebox';
import { clearPolicy, listPolicies, setPolicy } from '../../../core/policies/index.js';
import type { PolicyListing, PolicyRow } from '../../../core/policies/index.js';
import { ownRoute } from '../kit.js';
import { closed, CountryCode, listOf, named, NumberTypeName, oneOf } from '../schemas.js';

const ValueShape = Type.Object({
  environment: oneOf(['live', 'test']),
  country: Type.Union([Type.String(), Type.Null()], { description: 'null: all countries' }),
  type: Type.Union([Type.String(), Type.Null()], { description: 'null: all types' }),
  value: Type.Integer(),
});
const PolicyShape = named(
  'Policy',
  Type.Object({
    name: Type.String(),
    meaning: Type.String(),
    unit: oneOf(['seconds', 'count', 'bytes', 'flag']),
    minimum: Type.Integer(),
    maximum: Type.Integer(),
    overridable: oneOf(['never', 'by_country', 'by_country_and_type']),
    values: Type.Array(ValueShape),
  }),
);
const NamedValueShape = named(
  'PolicySetting',
  Type.Object({ name: Type.String(), ...ValueShape.properties }),
);

const scope = {
  environment: oneOf(['live', 'test']),
  country: Type.Optional(CountryCode),
  type: Type.Optional(NumberTypeName),
};
const params = Type.Object({ name: Type.String() });
const tag = 'Operator';

export const policyRoutes = [
  ownRoute({
    method: 'GET',
    path: '/policies',
    tag,
    summary: 'Windows and limits: their bounds, general values and overrides (admin key)',
    reply: listOf(PolicyShape),
    read: () => undefined,
    verb: listPolicies,
    render: (policies) => ({ data: policies.map(renderPolicy) }),
  }),
  ownRoute({
    method: 'PUT',
    operationId: 'setPolicy',
    path: '/policies/:name',
    tag,
    summary: 'Set a policy, in general or for a country, a type or both; it holds from now on (admin key)',
    params,
    body: Type.Object(
      { ...scope, value: Type.Integer({ description: 'In the unit of the policy' }) },
      closed,
    ),
    reply: NamedValueShape,
    read: ({ params: { name }, body }) => ({ name, ...body }),
    verb: setPolicy,
    render: renderNamed,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'clearPolicy',
    path: '/policies/:name',
    tag,
    summary: 'Take an override back; answers with the value that it had (admin key)',
    params,
    query: Type.Object(scope, closed),
    reply: NamedValueShape,
    read: ({ params: { name }, query }) => ({ name, ...query }),
    verb: clearPolicy,
    render: renderNamed,
  }),
];

function renderPolicy({ name, meaning, unit, minimum, maximum, overridable, values }: PolicyListing) {
  return { name, meaning, unit, minimum, maximum, overridable, values: values.map(renderValue) };
}

function renderNamed(row: PolicyRow) {
  return { name: row.name, ...renderValue(row) };
}

function renderValue({ environment, country, type, value }: PolicyRow) {
  return { environment, country: country === '' ? null : country, type: type === '' ? null : type, value };
}
