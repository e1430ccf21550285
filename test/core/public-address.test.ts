import { expect, test } from 'vitest';
import { isPublicAddress, literalAddress } from '../../src/lib/public-address.js';

const refused = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  'example.com',
  '',
];

const taken = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '::ffff:8.8.8.8', '2606:4700::1111'];

test.each(refused)('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(taken)('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['http://127.0.0.1/', '127.0.0.1'],
  ['http://2130706433/', '127.0.0.1'],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://0177.0.0.01/', '127.0.0.1'],
  ['http://127.1./', '127.0.0.1'],
  ['http://[::ffff:7f00:1]/', '::ffff:7f00:1'],
  ['http://LOCALHOST/', '127.0.0.1'],
  ['http://localhost./', '127.0.0.1'],
  ['http://a.localhost/', '127.0.0.1'],
  ['http://１２７.0.0.1/', '127.0.0.1'],
])('%s spells %s', (url, address) => {
  expect(literalAddress(new URL(url).hostname)).toBe(address);
});

test('a name spells no address', () => {
  expect(literalAddress(new URL('http://example.com/').hostname)).toBeUndefined();
});
