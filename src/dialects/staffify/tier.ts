/** Contract 1.4: every account is a pay-as-you-go one. */
export const tier = 'payg';
export const requestsPerMinute = 300;
export const concurrentCallLimit = 10;
