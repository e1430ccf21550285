import type { TrunkFields } from '../../../core/routing/index.js';
import { textField } from '../../../http/body.js';
import { given, integerField, flagField, wordField } from '../parse.js';
import type { Body } from '../../../http/body.js';

/** What is given of a trunk, in core words. */
export function readTrunk(body: Body): Partial<TrunkFields> {
  const type = wordField(body, 'trunk_type', ['INBOUND', 'OUTBOUND']);
  return given({
    name: textField(body, 'name'),
    direction: type && (type === 'INBOUND' ? ('inbound' as const) : ('outbound' as const)),
    concurrentCallsMax: integerField(body, 'max_concurrent_calls'),
    enabled: flagField(body, 'enabled'),
  });
}
