import { numberIdOf } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { numbersPerPage, pageOf } from '../paging.js';
import { digitsInPath, flagOf, searchOf } from '../parse.js';

/** The number that a path names, in the acting account's environment. Raises invalid_input. */
export function numberNamed(asked: Asked): { readonly numberId: number } {
  const digits = digitsInPath(asked.params['number'] ?? '');
  return { numberId: numberIdOf(digits, accountAsked(asked).environment) };
}

/** What a list asks for (contract 3.1); `possible` is false for a search that no number fits. */
export function heldWanted({ query }: Asked) {
  const withSubAccounts = flagOf(query, 'include_subaccounts') ?? true;
  return { ...pageOf(query, numbersPerPage), ...searchOf(query), withSubAccounts };
}

export type HeldWanted = ReturnType<typeof heldWanted>;
