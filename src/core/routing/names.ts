import { textFault } from '../../lib/text.js';
import { domainError } from '../errors.js';

export const targetNameLengthMax = 100;

/** The name of an agent, a trunk or an application. Raises invalid_input. */
export function cleanTargetName(text: string): string {
  const name = text.trim();
  const reason = textFault(name, targetNameLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'name', reason });
  return name;
}

/** The voice of an agent, or none. Raises invalid_input. */
export function cleanVoice(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  const reason = textFault(text, targetNameLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'voice', reason });
  return text;
}
