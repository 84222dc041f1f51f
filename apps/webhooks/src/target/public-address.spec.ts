import { describe, expect, test } from '@jest/globals';
import { isPublicAddress } from './public-address.js';

describe('addresses that are public', () => {
  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '198.20.0.0',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each(['2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '2001:4860:4860::8888', '2001:200::1', '2003::1'])(
    '%s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('addresses that are not', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.19.255.255',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '192.0.0.170', '192.88.99.1'])(
    '%s',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );
  test.each([
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(['', 'localhost', '127.1', '0x7f000001', '2130706433'])('%j, which is no address', (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );
});
