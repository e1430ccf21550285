import { isPrintable } from '../../lib/text.js';
import { domainError } from '../errors.js';

export const targetNameLengthMax = 100;

/** The name of an agent, a trunk or an application. Raises invalid_input. */
export function cleanTargetName(text: string): string {
  const name = text.trim();
  if (!isPrintable(name, targetNameLengthMax)) {
    throw domainError('invalid_input', {
      field: 'name',
      reason: `must have 1 to ${targetNameLengthMax} printable characters`,
    });
  }
  return name;
}

/** The voice of an agent, or none. Raises invalid_input. */
export function cleanVoice(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  if (!isPrintable(text, targetNameLengthMax)) {
    const reason = `must have 1 to ${targetNameLengthMax} printable characters`;
    throw domainError('invalid_input', { field: 'voice', reason });
  }
  return text;
}
