import { fanOutEvents } from '../core/webhooks/index.js';
import type { Job } from './job.js';

/** Makes deliveries of events that somebody listens for. */
export const fanOutEventsJob: Job = {
  name: 'fan_out_events',
  idleSeconds: 1,
  run: (ctx) => fanOutEvents({ ctx }),
};
