export { keyAuthenticator } from './authenticate-key.js';
export type { Authenticate } from './authenticate-key.js';
export { accountNameLengthMax, createAccount } from './create-account.js';
export type { CreateAccountInput } from './create-account.js';
export { actForNamed, blockAccount, getAccount, listAccounts } from './get-account.js';
export { lockSubAccount } from './sub-accounts/store.js';
export type { SubAccountProfile, SubAccountRow } from './sub-accounts/store.js';
export {
  emailFault,
  permissionsFault,
  profileTextLengthMax,
  requestsPerMinuteMax,
} from './sub-accounts/profile.js';
export {
  accessTokenSeconds,
  createSubAccount,
  endSubAccount,
  getOwnProfile,
  getSubAccount,
  listSubAccounts,
  listSubAccountsBelow,
  updateSubAccount,
} from './sub-accounts/sub-accounts.js';
export type { CreatedSubAccount, SubAccountFields } from './sub-accounts/sub-accounts.js';
export { createKey, listKeys, revokeKey } from './keys.js';
export type { CreatedKey } from './keys.js';
export type { KeyListRow } from './store.js';
