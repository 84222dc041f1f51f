import { describe, expect, it } from '@jest/globals';
import { AttachmentInput } from './attachment.js';

const id = 'att_01k9x5e8w2f7h8j9k0m1n2p3q4';
const pathsOf = (input: unknown): string[] =>
  (AttachmentInput.safeParse(input).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : issue.path.map(String),
  );

describe('AttachmentInput', () => {
  it.each([
    ['a file', { filename: 'a.txt', content: 'YQ==' }],
    ['a file with its type', { filename: 'a.txt', content_type: 'text/plain', content: '', content_id: 'logo@x' }],
    ['a stored one', { id }],
    ['a stored one to be shown inside', { id, content_id: 'logo' }],
  ])('takes %s', (_what, input) => expect(AttachmentInput.parse(input)).toEqual(input));

  it.each([
    ['neither', {}, ['filename', 'content']],
    ['both', { id, filename: 'a', content_type: 'a/b', content: '' }, ['filename', 'content_type', 'content']],
    ['an id of something else', { id: id.replace('att', 'msg') }, ['id']],
    ['no content', { filename: 'a.txt' }, ['content']],
    [
      'several faults',
      { filename: 5, content_type: 'x', colour: 1 },
      ['content_type', 'filename', 'colour', 'content'],
    ],
    ['a line break in the name', { filename: 'a\r\nBcc: b', content: '' }, ['filename']],
    ['a content id that ends its header', { id, content_id: 'a>\u0000' }, ['content_id', 'content_id']],
  ])('refuses %s', (_what, input, paths) => expect(pathsOf(input).sort()).toEqual(paths.sort()));
});
