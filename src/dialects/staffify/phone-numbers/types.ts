import type { NumberType } from '../../../core/catalogue/index.js';
import { invalid } from '../../../http/body.js';

/** The types that this wire sells, under its names (contract 2.1). */
const coreByWire = { local: 'local', mobile: 'mobile', toll_free: 'tollfree' } as const satisfies Record<
  string,
  NumberType
>;
export type WireType = keyof typeof coreByWire;

/** Raises invalid_input. */
export function numberTypeNamed(field: string, text: string): NumberType {
  if (!Object.hasOwn(coreByWire, text)) {
    throw invalid(field, `must be one of ${Object.keys(coreByWire).join(', ')}`);
  }
  return coreByWire[text as WireType];
}

export function wireTypeOf(type: NumberType): string {
  return Object.entries(coreByWire).find(([, core]) => core === type)?.[0] ?? type;
}
