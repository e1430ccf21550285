export { addDocument } from './add-document.js';
export { admitDocument } from './admit-document.js';
export type { DocumentInput } from './add-document.js';
export { addressDecisionNames, addressStatuses, isUsable, openStatuses, usableStatuses } from './address.js';
export type { Address, AddressDecision, AddressFields, AddressStatus } from './address.js';
export {
  addressLineLengthMax,
  cleanReason,
  decisionReasonLengthMax,
  postalCodeLengthMax,
} from './address-input.js';
export type { AddressInput } from './address-input.js';
export {
  addressOf,
  findAddress,
  findAddressFacts,
  findVerifiedAccounts,
  isDecisionDue,
  listDueDecisions,
  lockAddress,
} from './address-store.js';
export type { AddressFacts, AddressFilters, AddressRow } from './address-store.js';
export { getAddress, listAddresses, listAddressesToReview } from './addresses.js';
export { cityDigits } from './city-code.js';
export { createAddress } from './create-address.js';
export { automaticDecision, decideLocked } from './decide.js';
export {
  documentBytesMax,
  documentDemands,
  documentsPerAddressMax,
  documentTooLarge,
  documentTypes,
  headBytesMax,
} from './document.js';
export type { AddressDocument, DocumentType, MediaType } from './document.js';
export { listDocuments, readDocument } from './documents.js';
export { listRequirements } from './list-requirements.js';
export { addressNotFound, loadOwnAddress } from './load-address.js';
export { isRequirementMet, requirementOf, requirementSentences, strictRequirement } from './requirement.js';
export type { Requirement } from './requirement.js';
export { findAllRequirements, findRequirements } from './store.js';
export { orphanSeconds, sweepDocuments } from './sweep-documents.js';
export { submitAddress } from './submit-address.js';
