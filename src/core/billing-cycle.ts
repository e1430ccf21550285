import { addMonthsClipped, addSeconds, secondsPerDay } from '../lib/clock.js';

export type BillingCycle = '28d' | 'month';

const daysPerCycle28 = 28;

/**
 * When cycle `cycleNumber` of a rental begins and falls due. Cycle 0 begins with the rental; 28-day cycles count whole
 * days from it, monthly ones keep its day of the month, clipped in shorter months.
 */
export function cycleStart(cycle: BillingCycle, startedAt: Date, cycleNumber: number): Date {
  return cycle === '28d'
    ? addSeconds(startedAt, cycleNumber * daysPerCycle28 * secondsPerDay)
    : addMonthsClipped(startedAt, cycleNumber);
}
