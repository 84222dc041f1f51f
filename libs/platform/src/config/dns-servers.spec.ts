import { expect, test } from '@jest/globals';
import { dnsServers } from './dns-servers.js';

test.each([
  ['', []],
  ['9.9.9.9', ['9.9.9.9']],
  ['127.0.0.1:5353, [2620:fe::fe]:53 ,::1', ['127.0.0.1:5353', '[2620:fe::fe]:53', '::1']],
])('%j names %j', (text, servers) => {
  expect(dnsServers().parse(text)).toEqual(servers);
});

test.each(['dns.example', '9.9.9.9:port', '[9.9.9.9', '9.9.9.9;8.8.8.8'])('%j names no server', (text) => {
  expect(dnsServers().safeParse(text).success).toBe(false);
});
