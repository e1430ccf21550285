import type { FastifyInstance } from 'fastify';

/** Lets the routes of this (encapsulated) server read forms: a field's text by its name, a list where it is repeated. */
export function readForms(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, fieldsOf(String(body))),
  );
}

function fieldsOf(text: string): Record<string, string | string[]> | undefined {
  if (text === '') return undefined;
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  // Entries of a map, not assignments: a field called __proto__ is a field.
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
