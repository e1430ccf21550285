import { domainError } from '../errors.js';

export const agentNameLengthMax = 100;
const languageLengthMax = 35;

/** What no name may hold: control characters and halves of surrogate pairs, which no database row can keep. */
const unprintable = /[\p{Cc}\p{Cs}]/u;
/** The shape of a BCP 47 tag: subtags of letters and digits, the first of letters. */
const languageTag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** Raises invalid_input. */
export function cleanAgentName(text: string): string {
  const name = text.trim();
  if (name === '' || Array.from(name).length > agentNameLengthMax || unprintable.test(name)) {
    throw domainError('invalid_input', {
      field: 'name',
      reason: `must have 1 to ${agentNameLengthMax} printable characters`,
    });
  }
  return name;
}

/** Raises invalid_input. */
export function cleanLanguage(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.length > languageLengthMax || !languageTag.test(text)) {
    throw domainError('invalid_input', {
      field: 'language',
      reason: 'must be a language tag (BCP 47) such as en-US',
    });
  }
  return text;
}
