import { addAbortSignal } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { DomainError, domainError } from '../../core/errors.js';
import { BodyGuard, uploadBodyBytesMax } from './guard.js';
import { malformed } from './malformed.js';

const filePart = 'file';
/** The parts of a form besides its file: a handful of words. */
const fieldsMax = 10;
const fieldBytesMax = 1024;
/** One behind each part. */
const delimitersMax = fieldsMax + 2;
const headerPairsMax = 20;
/** Names that tell a file from its fields; no field of a form may pass for one. */
const ownNames: ReadonlySet<string> = new Set(['filename', 'content', 'content_base64', '__proto__']);

/** What a form may have; the size of the file is for whoever keeps it. */
export const formLimits = {
  files: 1,
  fields: fieldsMax,
  parts: fieldsMax + 1,
  fieldSize: fieldBytesMax,
  headerPairs: headerPairsMax,
  fileSize: Number.MAX_SAFE_INTEGER,
};

const reasons: Readonly<Record<string, string>> = {
  FST_PARTS_LIMIT: `must have one file and ${fieldsMax} fields at most`,
  FST_FIELDS_LIMIT: `must have ${fieldsMax} fields at most`,
  FST_FILES_LIMIT: 'must have one file',
  FST_MP_PREMATURE_CLOSE: 'ended before all of it had come',
};

/** Reads a form: its file is handed to `stage` as it comes, its fields are given back. Raises invalid_input, missing_input. */
export async function readFormUpload(
  request: FastifyRequest,
  signal: AbortSignal,
  stage: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  let hasFile = false;
  for await (const part of partsOf(request, signal)) {
    if (part.type === 'file') {
      if (part.fieldname !== filePart) throw malformed(`the file must be in the part "${filePart}"`);
      await stage(part.file);
      hasFile = true;
      Object.assign(fields, { filename: part.filename });
    } else {
      if (part.fieldnameTruncated || part.valueTruncated) {
        throw malformed(`a field must have ${fieldBytesMax} bytes at most`);
      }
      if (!ownNames.has(part.fieldname)) fields[part.fieldname] = part.value;
    }
  }
  if (!hasFile) throw domainError('missing_input', { field: filePart });
  return fields;
}

/** The parts, where whatever the parser objects to is the sender's fault. The body comes to the parser through a guard. */
async function* partsOf(request: FastifyRequest, signal: AbortSignal) {
  const { raw } = request;
  const guard = new BodyGuard(
    uploadBodyBytesMax,
    boundaryOf(raw.headers['content-type'] ?? ''),
    delimitersMax,
  );
  const body = Object.assign(raw.pipe(addAbortSignal(signal, guard)), { headers: raw.headers });
  const guarded = Object.create(request, { raw: { value: body } }) as FastifyRequest;
  const parts = guarded.parts();
  try {
    for (;;) {
      const step = await parts.next().catch((error: unknown) => {
        throw unreadable(error);
      });
      if (step.done) return;
      yield step.value;
    }
  } finally {
    await parts.return?.(undefined);
  }
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

/** What a parser's error says to the sender. */
export function unreadable(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return malformed(reasons[code] ?? 'must be a well-formed multipart/form-data document');
}
