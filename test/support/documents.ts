import type { DocumentStore } from '../../src/core/ports.js';

/** For tests without documents: whoever asks for one is told. */
export const noDocuments: DocumentStore = {
  put: () => Promise.reject(new Error('this test has no documents')),
  get: () => Promise.reject(new Error('this test has no documents')),
};
