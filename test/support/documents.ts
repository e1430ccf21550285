import type { DocumentStore } from '../../src/core/ports.js';

const refused = (): Error => new Error('this test has no documents');

/** For tests without documents: whoever asks for one is told. */
export const noDocuments: DocumentStore = {
  reserve: () => Promise.reject(refused()),
  stage: () => Promise.reject(refused()),
  put: () => Promise.reject(refused()),
  discard: () => Promise.reject(refused()),
  get: () => Promise.reject(refused()),
  remove: () => Promise.reject(refused()),
  files: () => {
    throw refused();
  },
};
