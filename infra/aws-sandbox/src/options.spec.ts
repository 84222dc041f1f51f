import { expect, test } from '@jest/globals';
import { readOptions } from './options.js';

test('reads all flags', () => {
  const args =
    '--port 4566 --host 0.0.0.0 --public-url http://aws-sandbox:4566/ --state-dir d --region eu-west-1 ' +
    '--local-domain postern.test --smtp 127.0.0.1:2525 --verified-domains postern.test,a.test --signing-key-bits 1024';
  expect(readOptions(args.split(' '))).toEqual({
    port: 4566,
    host: '0.0.0.0',
    publicUrl: 'http://aws-sandbox:4566',
    stateDir: 'd',
    region: 'eu-west-1',
    localDomain: 'postern.test',
    smtp: '127.0.0.1:2525',
    verifiedDomains: ['postern.test', 'a.test'],
    signingKeyBits: 1024,
  });
});

test.each([
  [[], '--state-dir is required.'],
  [['--state-dir', 'd', '--port', '70000'], '--port must be'],
  [['--state-dir', 'd', '--smtp', 'localhost'], '--smtp must be HOST:PORT'],
  [['--state-dir', 'd', '--public-url', 'aws-sandbox:4566/x'], '--public-url must be an origin'],
  [['--state-dir', 'd', '--signing-key-bits', '512'], '--signing-key-bits must be'],
  [['--state-dir', 'd', '--colour', 'red'], "Unknown option '--colour'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
