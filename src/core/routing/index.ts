export { agentNames, getAgent, listAgents, listEveryAgent, updateAgent } from './agents.js';
export {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  listApplicationsAfter,
  updateApplication,
} from './applications/applications.js';
export type {
  ApplicationFields,
  ApplicationRow,
  ApplicationSettings,
  HttpMethod,
} from './applications/store.js';
export { assignRental } from './assign-rental.js';
export type { Assignment } from './assign-rental.js';
export { createAgent } from './create-agent.js';
export type { CreatedAgent } from './create-agent.js';
export { deleteAgent } from './delete-agent.js';
export { insertApplicationAssignments, keepNewNumberApplications } from './new-numbers-store.js';
export { assignedChange } from './record.js';
export { assignmentsOf, getAssignment } from './get-assignment.js';
export { targetNameLengthMax } from './names.js';
export {
  allowedAddressesMax,
  callsPerSecondLimit,
  concurrentCallsLimit,
  settingsAfter,
  trunkTextLengthMax,
  usualTrunk,
} from './trunks/clean-trunk.js';
export type { TrunkSettingChanges } from './trunks/clean-trunk.js';
export {
  createTrunk,
  deleteTrunk,
  getTrunk,
  listTrunks,
  pageOfTrunks,
  updateTrunk,
} from './trunks/trunks.js';
export type { TrunkChanges } from './trunks/trunks.js';
export type { TrunkFields, TrunkRow, TrunkSettings } from './trunks/store.js';
export { isWebAddress } from './web-address.js';
export { dropAssignments, restoreAssignments, unassignRental } from './unassign-rental.js';
export type { AgentFields, AgentRow, Target, TargetKind } from './store.js';
