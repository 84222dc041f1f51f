import { expect, it } from '@jest/globals';
import { ALL_CHECKS } from '../checks/all-checks.js';
import { checksOfLevel } from './checks-of-level.js';

it.each(['ai_protected', 'guarded_send', 'full_lockdown', undefined] as const)('at %s every check looks', (level) => {
  expect(checksOfLevel(level)).toEqual(ALL_CHECKS);
});

it('receive_only has the checks for malware and MIME, which exist', () => {
  const names = checksOfLevel('receive_only').map(({ name }) => name);
  expect(names.toSorted()).toEqual(['attachment_content', 'attachment_type', 'malware', 'mime_structure']);
});
