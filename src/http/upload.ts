import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { domainError } from '../core/errors.js';

/**
 * Files that come with a request: as `multipart/form-data` with a part `file`, or in JSON with `content_base64`. On a
 * route that accepts uploads both arrive in `body` with their other fields by name, and `uploadedBytes` tells them apart.
 */

/** A file of 10 MB in base64, and its fields: what the body of an upload may have at most. */
export const uploadBodyBytesMax = 14 * 1024 * 1024;

const filePart = 'file';
/** The parts of a form besides its file: a handful of words. */
const fieldsMax = 10;
const fieldBytesMax = 1024;
/** One behind each part. */
const delimitersMax = fieldsMax + 2;
/** Names that tell a file from its fields; no field of a form may pass for one. */
const ownNames: ReadonlySet<string> = new Set(['filename', 'content', 'content_base64', '__proto__']);

/** Lets the routes of this (encapsulated) server read forms. The whole body is bounded before a byte is parsed. */
export function readUploads(server: FastifyInstance): void {
  server.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: uploadBodyBytesMax },
    async (request: FastifyRequest, body: Buffer) => readForm(request.headers, body),
  );
}

/**
 * The bytes of an upload: the file of a form, or what `content_base64` spells.
 *
 * Raises missing_input, and invalid_input for what is no base64.
 */
export function uploadedBytes(body: {
  readonly content?: unknown;
  readonly content_base64?: string | undefined;
}): Buffer {
  if (Buffer.isBuffer(body.content)) return body.content;
  if (body.content_base64 === undefined) throw domainError('missing_input', { field: 'content_base64' });
  // Many encoders break lines (RFC 2045).
  const text = body.content_base64.replace(/\s+/g, '');
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is no base64; a file that lost a byte on the way must not pass.
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw domainError('invalid_input', { field: 'content_base64', reason: 'must be base64 (RFC 4648)' });
  }
  return bytes;
}

function readForm(headers: FastifyRequest['headers'], body: Buffer): Promise<Record<string, unknown>> {
  const boundary = boundaryOf(headers['content-type'] ?? '');
  mustHaveFewParts(body, boundary);
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => reject(malformed(reason));
    const refuseAll = () => refuse('must be a well-formed multipart/form-data document');
    const form = new Busboy({
      headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
      limits: { files: 1, fields: fieldsMax, fieldSize: fieldBytesMax, fileSize: uploadBodyBytesMax },
    });
    const fields: Record<string, unknown> = {};
    form.on('field', (name, value, nameCut, valueCut) => {
      if (nameCut || valueCut) refuse(`a field must have ${fieldBytesMax} bytes at most`);
      if (!ownNames.has(name)) fields[name] = value;
    });
    form.on('file', (name, stream, filename) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      // A file that is cut off fails by itself, and an error without a listener would end the process.
      stream.on('error', refuseAll);
      stream.on('end', () => {
        if (name !== filePart) refuse(`the file must be in the part "${filePart}"`);
        Object.assign(fields, { filename, content: Buffer.concat(chunks) });
      });
    });
    form.on('filesLimit', () => refuse('must have one file'));
    form.on('fieldsLimit', () => refuse(`must have ${fieldsMax} fields at most`));
    form.on('error', refuseAll);
    form.on('finish', () => {
      if (fields['content'] === undefined) reject(domainError('missing_input', { field: filePart }));
      resolve(fields);
    });
    form.end(body);
  });
}

function malformed(reason: string) {
  return domainError('invalid_input', { field: 'body', reason });
}

/** As RFC 2046 5.1.1 allows it. */
function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  if (!/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) {
    throw malformed('must name the boundary of its parts in the content type');
  }
  return boundary;
}

/** Before they are parsed: a body full of empty parts would keep the parser, and so the server, busy for long. */
function mustHaveFewParts(body: Buffer, boundary: string): void {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let count = 0;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (++count > delimitersMax) throw malformed(`must have one file and ${fieldsMax} fields at most`);
  }
}
