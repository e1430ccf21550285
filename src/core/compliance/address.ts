export const addressStatuses = [
  'draft',
  'pending',
  'verified',
  'partially_verified',
  'rejected',
  'expired',
] as const;

/** `draft` until it is submitted, `pending` until somebody decides. */
export type AddressStatus = (typeof addressStatuses)[number];

/** What the holder of an address says of it. */
export interface AddressFields {
  readonly streetAddress: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly contactName: string;
  readonly contactEmail: string;
  /** E.164. */
  readonly contactPhone: string;
  readonly companyName: string | null;
  /** Dialling code of the city as it is dialled within the country: `030`. */
  readonly cityCode: string | null;
}

/** An address of an account's. Plain data, times in ISO 8601: it is stored and replayed as JSON. */
export interface Address extends AddressFields {
  readonly id: number;
  readonly accountId: number;
  /** How the account is called outside: `MA_…`. */
  readonly accountPublicId: string;
  readonly status: AddressStatus;
  /** What was said with the last decision, if anything was. */
  readonly decisionReason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly submittedAt: string | null;
  readonly decidedAt: string | null;
}

/** What an operator may decide, from which states, and where it leads. */
export const addressDecisions = {
  approve: { from: ['pending'], to: 'verified' },
  partial: { from: ['pending'], to: 'partially_verified' },
  reject: { from: ['pending'], to: 'rejected' },
  expire: { from: ['verified', 'partially_verified'], to: 'expired' },
} as const satisfies Record<string, { from: readonly AddressStatus[]; to: AddressStatus }>;

export type AddressDecision = keyof typeof addressDecisions;
export const addressDecisionNames = Object.keys(addressDecisions) as AddressDecision[];

/** The states in which an address meets requirements. */
export const usableStatuses: readonly AddressStatus[] = ['verified', 'partially_verified'];

/** The states in which an address takes documents and may be submitted. */
export const openStatuses: readonly AddressStatus[] = ['draft', 'rejected', 'expired'];

export function isUsable(address: { readonly status: AddressStatus }): boolean {
  return usableStatuses.includes(address.status);
}
