export { listRequirements } from './list-requirements.js';
export { requirementOf, requirementSentences, strictRequirement } from './requirement.js';
export type { Requirement } from './requirement.js';
export { findRequirements } from './store.js';
