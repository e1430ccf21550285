import { domainError } from '../errors.js';

const languageLengthMax = 35;

/** The shape of a BCP 47 tag: subtags of letters and digits, the first of letters. */
const languageTag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** Raises invalid_input. */
export function cleanLanguage(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  if (text.length > languageLengthMax || !languageTag.test(text)) {
    throw domainError('invalid_input', {
      field: 'language',
      reason: 'must be a language tag (BCP 47) such as en-US',
    });
  }
  return text;
}
