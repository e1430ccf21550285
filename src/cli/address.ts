import { Command, InvalidArgumentError, Option } from 'commander';
import { addressDecisionNames, addressStatuses, listAddressesToReview } from '../core/compliance/index.js';
import type { Address, AddressDecision, AddressStatus } from '../core/compliance/index.js';
import { decideAddress } from '../core/rentals/index.js';
import { everyPage } from '../lib/every-page.js';
import { readWord, spellWord } from '../lib/ids.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

/** As the own API spells the ids of addresses. */
const idPrefix = 'addr_';
const pageSize = 200;

const purposes: Readonly<Record<AddressDecision, string>> = {
  approve: 'verify an address; numbers that waited for it become active',
  partial: 'verify an address in part, which is enough for numbers',
  reject: 'reject an address; its account may submit it again',
  expire: 'let a verified address expire; no more numbers are registered with it',
};

export function addressCommand(surroundings: Surroundings): Command {
  const address = new Command('address').description('addresses of tenants and their verification');
  address
    .command('list')
    .description('addresses of all accounts, oldest first')
    .addOption(new Option('--status <status>', 'only those in this status').choices(addressStatuses))
    .option(...jsonOption)
    .action(async (options: { status?: AddressStatus; json?: boolean }) => list(surroundings, options));
  for (const decision of addressDecisionNames) {
    address
      .command(decision)
      .description(purposes[decision])
      .argument('<id>', 'the address: addr_… or its number', readAddressId)
      .option('--reason <text>', 'what its account should read about it')
      .option(...jsonOption)
      .action(async (addressId: number, options: { reason?: string; json?: boolean }) => {
        const { reason, json } = options;
        const decided = await withOperator(surroundings, (ctx) =>
          decideAddress({ ctx, input: { addressId, decision, reason } }),
        );
        print(surroundings, json, resultOf(decided), [`Address ${sentenceOf(decided)}`]);
      });
  }
  return address;
}

async function list(
  surroundings: Surroundings,
  { status, json }: { status?: AddressStatus; json?: boolean },
): Promise<void> {
  const addresses = await withOperator(surroundings, (ctx) =>
    everyPage(pageSize, (afterId) =>
      listAddressesToReview({ ctx, input: { afterId, limit: pageSize, status: status ?? 'any' } }),
    ),
  );
  const sentences = addresses.length === 0 ? ['No addresses.'] : addresses.map(sentenceOf);
  print(surroundings, json, { addresses: addresses.map(resultOf) }, sentences);
}

function readAddressId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : readWord(idPrefix, text);
  if (id === undefined || id === 0) throw new InvalidArgumentError('It must be the id of an address: addr_…');
  return id;
}

function sentenceOf(address: Address): string {
  const { id, status, accountPublicId, contactName, companyName, streetAddress, postalCode, city, country } =
    address;
  const who = companyName === null ? contactName : `${contactName}, ${companyName}`;
  return `${spellWord(idPrefix, id)}  ${status}  ${accountPublicId}  ${who}, ${streetAddress}, ${postalCode} ${city}, ${country}`;
}

function resultOf(address: Address) {
  return {
    address_id: spellWord(idPrefix, address.id),
    account_id: address.accountPublicId,
    status: address.status,
    reason: address.decisionReason,
    country: address.country,
    city: address.city,
    postal_code: address.postalCode,
    street_address: address.streetAddress,
    city_code: address.cityCode,
    contact_name: address.contactName,
    company_name: address.companyName,
    submitted_at: address.submittedAt,
  };
}
