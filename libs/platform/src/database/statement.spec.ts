import { describe, expect, test } from '@jest/globals';
import { plainIdentifier } from './identifier.js';
import { serviceRoleOf } from './provision.js';
import { scramVerifier } from './scram.js';
import { sql } from './statement.js';

describe('sql', () => {
  test('refuses a name that stands for another text: the server would run the first one', () => {
    sql('spec.one', 'SELECT 1');
    expect(sql('spec.one', 'SELECT 1')).toEqual({ name: 'spec.one', text: 'SELECT 1' });
    expect(() => sql('spec.one', 'SELECT 2')).toThrow(/spec\.one is taken/);
  });

  test('refuses a name that PostgreSQL would cut', () => {
    expect(() => sql('n'.repeat(64), 'SELECT 1')).toThrow(/63 bytes/);
  });
});

describe('roles and schemas', () => {
  test.each(['security-scan', 'Messaging', '1st', '', 'x'.repeat(56), 'a"b'])('the name %j is refused', (name) => {
    expect(() => plainIdentifier(name, 'the schema')).toThrow(/the schema .* must be/);
  });

  test('name and password come from the URL, decoded', () => {
    expect(serviceRoleOf('postgres://messaging:p%40ss@db/postern')).toEqual({ name: 'messaging', password: 'p@ss' });
    expect(() => serviceRoleOf('postgres://messaging@db/postern')).toThrow(/password/);
  });

  test('a password becomes a verifier with a salt of its own', () => {
    const verifier = scramVerifier('secret');
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/);
    expect(scramVerifier('secret')).not.toBe(verifier);
  });
});
