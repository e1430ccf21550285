import type { StagedDocument } from '../../core/ports.js';

/** A file that came with a request; it lies aside on disk, and in `content` of the request's body. */
export class UploadedFile {
  constructor(readonly staged: StagedDocument) {}
}
