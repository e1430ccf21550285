import { sweepDocuments } from '../core/compliance/index.js';
import type { DocumentStore, StoredFile } from '../core/ports.js';
import type { Job } from './job.js';

/** Files that one batch looks at. */
const filesMax = 500;

/** Removes files of documents that nothing refers to; goes through the folder a batch at a time, again and again. */
export function sweepDocumentsJob(documents: DocumentStore): Job {
  let files: AsyncIterator<StoredFile> | undefined;
  const nextFiles = async (): Promise<StoredFile[]> => {
    files ??= documents.files()[Symbol.asyncIterator]();
    const batch: StoredFile[] = [];
    while (batch.length < filesMax) {
      const step = await files.next();
      if (step.done) {
        files = undefined;
        break;
      }
      batch.push(step.value);
    }
    return batch;
  };
  return {
    name: 'sweep_documents',
    idleSeconds: 60,
    run: async (ctx) => sweepDocuments({ ctx, input: { documents, files: await nextFiles() } }),
  };
}
