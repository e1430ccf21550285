export { chargeWallet, refundWallet } from './charge-wallet.js';
export { adjust } from './adjust.js';
export { deposit, openWallet } from './deposit.js';
export { movedMinorMax, reasonLengthMax } from './move-money.js';
export type { MoneyInput, MovedMoney } from './move-money.js';
export { refund } from './refund.js';
export { withdraw } from './withdraw.js';
export {
  listPayingWallets,
  listTransfers,
  listWallets,
  payingWallet,
  walletForPurchase,
} from './list-wallets.js';
export { pageOfTransfers, transferPageMax } from './page-of-transfers.js';
export type { OwnedTransferLine } from './page-of-transfers.js';
export type { TransferFilters, TransferKind, TransferSum } from './transfer-pages-store.js';
export { postTransfers } from './post-transfers.js';
export { houseWalletId } from './store.js';
export type { LedgerLine, TransferRow, WalletRow } from './store.js';
export * from './statement/index.js';
export { revenue, revenueDimensions } from './revenue.js';
export type { RevenueInput } from './revenue.js';
export type { RevenueDimension, RevenueRow } from './revenue-store.js';
