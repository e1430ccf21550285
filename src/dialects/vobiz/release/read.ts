import type { Asked } from '../../../http/wire.js';
import { numberNamed } from '../numbers/read.js';
import { flagOf } from '../parse.js';

/** How a number is given up (contract 5.1). Raises invalid_input. */
export function releaseWanted(asked: Asked) {
  const leaves = flagOf(asked.query, 'immediate') === true ? 'now' : 'after_cancel_window';
  return { ...numberNamed(asked), leaves, again: 'refuse' } as const;
}

/** Contract 5.2: what the number pointed at stays away. Raises invalid_input. */
export function cancelWanted(asked: Asked) {
  return { ...numberNamed(asked), assignments: 'leave' } as const;
}
