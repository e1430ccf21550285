/**
 * What the paths begin with. Clients of two generations spell `Account` differently, so its letters match in any case;
 * everything else is as it is written (contract 1.1).
 */
export const accountPath = '/:word([Aa][Cc][Cc][Oo][Uu][Nn][Tt])/:authId';
export const numberPath = `${accountPath}/numbers/:number`;
export const subAccountsPath = '/accounts/:authId/sub-accounts';
