export { chargeWallet, refundWallet } from './charge-wallet.js';
export { deposit, depositMinorMax, openWallet } from './deposit.js';
export { listTransfers, listWallets, payingWallet, walletForPurchase } from './list-wallets.js';
export { postTransfers } from './post-transfers.js';
export { houseWalletId } from './store.js';
export type { LedgerLine, TransferRow, WalletRow } from './store.js';
