import { invalid, objectBody, requiredField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { numberNamed } from '../numbers/read.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A number and the id of the trunk that it is to point at (contract 6.1). Raises missing_input, invalid_input. */
export function trunkWanted(asked: Asked) {
  const { trunk, named } = readAll({
    trunk: () => trunkField(asked.body),
    named: () => numberNamed(asked),
  });
  return { ...named, trunk };
}

function trunkField(body: unknown): string {
  const trunk = requiredField(objectBody(body), 'trunk_group_id');
  if (!uuid.test(trunk)) throw invalid('trunk_group_id', 'must be a UUID');
  return trunk;
}

/** A number and the id of the application that it is to point at (contract 6.2). Raises missing_input, invalid_input. */
export function applicationWanted(asked: Asked) {
  const { application, named } = readAll({
    application: () => applicationField(asked.body),
    named: () => numberNamed(asked),
  });
  return { ...named, application };
}

function applicationField(body: unknown): string {
  const application = requiredField(objectBody(body), 'application_id');
  if (application === '') throw invalid('application_id', 'must be the id of an application');
  return application;
}
