import { addAbortSignal } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, domainError } from '../../core/errors.js';
import type { StagedDocument } from '../../core/ports.js';
import type { Exchange } from '../exchange.js';
import { BodyGuard, uploadBodyBytesMax } from './guard.js';
import { formLimits, readFormUpload, unreadable } from './form.js';
import { readJsonUpload } from './json.js';
import { malformed } from './malformed.js';
import { watchPace } from './pace.js';
import { UploadedFile } from './uploaded-file.js';

/** What has to be known of an upload before its body is read. */
export interface UploadAdmission {
  /** The account whose family shares places for uploads. */
  readonly family: number;
}

/** On this (encapsulated) server no body is read before its route asks for it. */
export async function leaveBodiesUnread(server: FastifyInstance): Promise<void> {
  await server.register(multipart, { limits: formLimits, throwFileSizeLimit: false });
  server.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
}

/**
 * Lets `work` answer a request with a file. `admit` is asked before a byte of the body is read; then there must be a place
 * and room on the disk. Whatever `work` does not keep of the file is gone afterwards.
 * Raises what `admit` and `work` raise, rate_limited, unavailable, invalid_input, missing_input.
 */
export async function withUpload<T>(
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  admit: () => Promise<UploadAdmission>,
  work: () => Promise<T>,
): Promise<T> {
  const staged: StagedDocument[] = [];
  try {
    if (hasBody(request)) {
      const bytes = declaredBytes(request);
      const { family } = await admit();
      const leave = await exchange.uploads.enter(family);
      try {
        request.body = await inRoom(exchange, bytes, () => readBody(exchange, request, reply, staged));
      } finally {
        leave();
      }
    }
    checkBody(request);
    return await work();
  } finally {
    await Promise.all(staged.map((file) => exchange.documents.discard(file)));
  }
}

/** The file of a body that `withUpload` has read. Raises missing_input. */
export function uploadedFile(body: { readonly content?: unknown }): StagedDocument {
  if (body.content instanceof UploadedFile) return body.content.staged;
  throw domainError('missing_input', { field: 'content_base64' });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function declaredBytes({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  const bytes = length === undefined ? uploadBodyBytesMax : Number(length);
  if (bytes > uploadBodyBytesMax) throw malformed('is larger than this route takes');
  return bytes;
}

async function inRoom<T>(exchange: Exchange, bytes: number, work: () => Promise<T>): Promise<T> {
  const release = await exchange.documents.reserve(bytes);
  if (!release) throw domainError('unavailable', { reason: 'the disk of the documents is full' });
  try {
    return await work();
  } finally {
    release();
  }
}

async function readBody(
  { documents }: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  staged: StagedDocument[],
): Promise<unknown> {
  const { raw } = request;
  const pace = watchPace(raw);
  const stage = async (content: AsyncIterable<Buffer>): Promise<void> => {
    const file = await documents.stage(content).catch(refuseDisk);
    if (pace.signal.aborted) await documents.discard(file);
    else staged.push(file);
  };
  try {
    const read = request.isMultipart() ? readFormUpload : readJson;
    const body = await Promise.race([read(request, pace.signal, stage), whenAborted(pace.signal)]);
    const [file] = staged;
    if (file === undefined) return body;
    const fields = { ...(body as Record<string, unknown>), content: new UploadedFile(file) };
    delete (fields as Record<string, unknown>)['content_base64'];
    return fields;
  } catch (error) {
    if (pace.signal.aborted) void reply.header('connection', 'close');
    throw (pace.signal.aborted ? pace.signal.reason : faultOf(error)) as Error;
  } finally {
    pace.stop();
    // What is left of a refused body is let through unread, so that its sender comes to read the answer.
    raw.unpipe();
    raw.resume();
  }
}

function readJson(
  { raw }: FastifyRequest,
  signal: AbortSignal,
  stage: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<unknown> {
  return readJsonUpload(raw.pipe(addAbortSignal(signal, new BodyGuard(uploadBodyBytesMax))), stage);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Whether the disk failed, and not the sender: system calls are only made on files here. */
function isDiskFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function refuseDisk(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw domainError('unavailable', { reason: 'the disk of the documents is full' });
  }
  throw error;
}

function faultOf(error: unknown): unknown {
  return error instanceof DomainError || isDiskFault(error) ? error : unreadable(error);
}

/** The framework has checked the request before its body was there. */
function checkBody(request: FastifyRequest): void {
  const early = request.validationError;
  if (early && early.validationContext !== 'body') throw early;
  const validate = request.getValidationFunction('body') as
    (((input: unknown) => boolean) & { readonly errors?: unknown }) | undefined;
  if (!validate || validate(request.body)) return;
  const error = new Error('The body is not as the route wants it');
  throw Object.assign(error, { validation: validate.errors, validationContext: 'body' });
}
