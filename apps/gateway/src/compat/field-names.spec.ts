import { describe, expect, it } from '@jest/globals';
import { type FieldNames, inFieldsOf } from './field-names.js';
import { Problem } from './problem.js';

const NAMES: FieldNames = [
  [/^text\b/, 'bodyText'],
  [/^attachments(\[\d+\])\.id$/, 'attachmentIds$1'],
];

const heard = async (path: string): Promise<unknown> => {
  const problem = new Problem(422, 'validation_error', 'Wrong.', { issues: [{ path, message: 'is wrong' }] });
  return inFieldsOf(NAMES, Promise.reject(problem)).catch((error: unknown) => (error as Problem).issues[0]?.path);
};

describe('the fields of a refusal', () => {
  it.each([
    ['text', 'bodyText'],
    ['text_parts', 'text_parts'],
    ['attachments[3].id', 'attachmentIds[3]'],
    ['attachments', 'attachments'],
    ['to[12].address', 'to[12].address'],
  ])('%s is %s', async (ours, theirs) => {
    expect(await heard(ours)).toBe(theirs);
  });

  it('are renamed, and nothing else is', async () => {
    const problem = new Problem(404, 'not_found', 'There is no text.');
    await expect(inFieldsOf(NAMES, Promise.reject(problem))).rejects.toBe(problem);
    const bug = new Error('text');
    await expect(inFieldsOf(NAMES, Promise.reject(bug))).rejects.toBe(bug);
    expect(await inFieldsOf(NAMES, Promise.resolve(1))).toBe(1);
  });
});
