import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import type { AppError } from '@postern/platform';
import { fileTooLarge, type GivenFile, upTo } from './given-file.js';
import { readForm } from './read-form.js';

const BOUNDARY = 'b0undary';
const CONTENT_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const part = (headers: string, content: string): string => `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const named = (name: string, filename?: string): string =>
  `Content-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}`;
const form = (...parts: string[]): string => `${parts.join('')}--${BOUNDARY}--\r\n`;
const file = (content = 'hello', filename = 'a.txt'): string =>
  part(`${named('file', filename)}\r\nContent-Type: text/plain`, content);

/** Reads a form as it arrives, in pieces of so many octets. */
function read(
  text: string,
  { contentType = CONTENT_TYPE, step = 7, take = whole }: Partial<Setting> = {},
): Promise<Taken> {
  const octets = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(octets.length / step) }, (_, n) =>
    octets.subarray(n * step, n * step + step),
  );
  return readForm({ payload: Readable.from(chunks), contentType, sizeBytes: octets.length }, take);
}

interface Taken {
  filename: string;
  contentType: string | undefined;
  content: string;
}
interface Setting {
  contentType: string;
  step: number;
  take: (file: GivenFile) => Promise<Taken>;
}

const whole = async ({ content, ...about }: GivenFile): Promise<Taken> => ({
  ...about,
  content: (await buffer(content)).toString(),
});

const refusal = async (reading: Promise<unknown>): Promise<AppError> =>
  reading.then(
    () => Promise.reject(new Error('it was taken')),
    (error: AppError) => error,
  );

describe('a form with one file', () => {
  it.each([1, 2, 7, 1_000_000])('is read in pieces of %i octets', async (step) => {
    const taken = await read(form(file('one\r\ntwo', 'a b.txt')), { step });
    expect(taken).toEqual({ filename: 'a b.txt', contentType: 'text/plain', content: 'one\r\ntwo' });
  });

  it.each([
    ['in UTF-8, as browsers write it', named('file', 'Übung ☂.pdf'), 'Übung ☂.pdf'],
    ['with a path', named('file', '../../etc/passwd'), 'passwd'],
    ['of a path of Windows', named('file', 'C:\\\\x\\\\a.doc'), 'a.doc'],
  ])('has its name %s', async (_what, headers, filename) => {
    expect((await read(form(part(headers, 'x')))).filename).toBe(filename);
  });

  it('may be empty, or larger than a buffer', async () => {
    expect((await read(form(file('')))).content).toBe('');
    const large = 'x'.repeat(1_000_000);
    expect((await read(form(file(large)), { step: 65_536 })).content).toBe(large);
  });
});

describe('a form that is wrong', () => {
  it.each([
    ['without a file', form(), ['file']],
    ['with another field', form(file(), part(named('colour'), 'red')), ['colour']],
    ['with the field before the file', form(part(named('colour'), 'red'), file()), ['colour']],
    ['with two files', form(file(), file('other')), ['file']],
    ['with a file under another name', form(part(named('upload', 'a.txt'), 'x')), ['upload']],
    ['with a text in place of the file', form(part(named('file'), 'x')), ['file']],
    ['with all of that', form(part(named('x'), ''), part(named('y', 'y'), 'y'), file(), file()), ['x', 'y', 'file']],
  ])('%s is told every problem', async (_what, text, paths) => {
    const error = await refusal(read(text));
    const issues = (error.details?.['issues'] ?? []) as { path: string }[];
    expect([error.code, issues.map(({ path }) => path)]).toEqual(['validation_error', paths]);
  });

  it.each([
    ['has no boundary', form(file()), 'multipart/form-data'],
    ['has another boundary', form(file()), 'multipart/form-data; boundary=other'],
    ['ends inside the file', form(file()).slice(0, -20), CONTENT_TYPE],
    ['is no form', 'just words', CONTENT_TYPE],
    ['is empty', '', CONTENT_TYPE],
  ])('is 400 when it %s', async (_what, text, contentType) => {
    expect((await refusal(read(text, { contentType }))).code).toBe('bad_request');
  });

  it('is 400 when its sender goes away', async () => {
    const cut = new Readable({ read: () => undefined });
    cut.push(file('half').slice(0, -3));
    const reading = refusal(readForm({ payload: cut, contentType: CONTENT_TYPE, sizeBytes: undefined }, whole));
    cut.destroy(new Error('aborted'));
    expect((await reading).code).toBe('bad_request');
  });

  it('stops at what is thrown while the file is taken, and leaves the connection be', async () => {
    const payload = Readable.from([Buffer.from(file('x'.repeat(1_000))), Buffer.from('x'.repeat(100_000))]);
    const take = ({ content }: GivenFile): Promise<Buffer> => buffer(upTo(500, content));
    const error = await refusal(readForm({ payload, contentType: CONTENT_TYPE, sizeBytes: undefined }, take));
    expect(error.message).toBe(fileTooLarge().message);
    expect(payload.destroyed).toBe(false);
  });
});
