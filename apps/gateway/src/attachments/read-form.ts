import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyEvents, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { AppError, type Issue, type StreamedBody, validationError } from '@postern/platform';
import { type GivenFile, octetsOf, UPLOAD_BODY_MAX_BYTES, upTo } from './given-file.js';

/** The one part that a form has. */
const FILE = 'file';
/** Parts that are looked at; one is right, the others are told to be wrong. */
const PARTS_MAX = 20;
const HEADERS_OF_PART_MAX = 20;

const issue = (path: string, message: string): Issue => ({ path, message });

/**
 * Reads a multipart form that holds one file.
 * @param take  gets the file while it arrives, before it is known whether the rest of the form is right.
 * @throws AppError `bad_request` for what is no form, `validation_error` for other parts or none, `payload_too_large`;
 * what `take` throws.
 */
export async function readForm<T>({ payload, contentType }: StreamedBody, take: (file: GivenFile) => Promise<T>) {
  const form = openForm(contentType);
  const over = new AbortController();
  const failed = Promise.withResolvers<never>();
  const issues: Issue[] = [];
  let taken: Promise<T> | undefined;
  let stream: Readable | undefined;
  const onFile: BusboyEvents['file'] = (field, content, filename, _encoding, type) => {
    if (field === FILE && taken === undefined) {
      stream = content;
      taken = take({ filename: filename ?? '', contentType: type, content });
      taken.catch(failed.reject);
      return;
    }
    issues.push(field === FILE ? issue(FILE, 'must be one file; upload the others by themselves') : unknown(field));
    content.resume();
  };
  const onField: BusboyEvents['field'] = (field) => {
    issues.push(field === FILE ? issue(FILE, 'must be a part with a file name') : unknown(field));
  };
  form.on('file', onFile).on('field', onField);
  try {
    await Promise.race([feed(payload, form, over), failed.promise]);
    if (taken === undefined && issues.length === 0)
      issues.push(issue(FILE, 'must be given, as a part with a file name'));
    if (issues.length > 0) throw validationError(issues);
    return await (taken as unknown as Promise<T>);
  } finally {
    over.abort();
    // Whoever still waits for the file learns that no more of it comes.
    stream?.destroy();
    form.destroy();
  }
}

const unknown = (field: string): Issue => issue(field, 'is not a known field; remove it');

function openForm(contentType: string | undefined): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { parts: PARTS_MAX, headerPairs: HEADERS_OF_PART_MAX },
    });
  } catch (error) {
    throw badForm(error);
  }
}

const badForm = (cause: unknown): AppError =>
  new AppError({
    code: 'bad_request',
    message: 'Send a whole multipart form, with its boundary in Content-Type.',
    httpStatus: 400,
    temporary: false,
    cause,
  });

/**
 * Hands the body over as fast as it is taken, without destroying it.
 * @param over  ends the waiting; aborted when the form cannot be read.
 */
async function feed(payload: Readable, form: BusboyInstance, over: AbortController): Promise<void> {
  let broken: unknown = null;
  form.on('error', (error: unknown) => {
    broken = error;
    over.abort();
  });
  const finished = once(form, 'finish', over);
  finished.catch(() => undefined);
  try {
    for await (const chunk of upTo(UPLOAD_BODY_MAX_BYTES, octetsOf(payload))) {
      const flows = form.write(chunk);
      if (broken !== null) break;
      if (!flows) await once(form, 'drain', over);
    }
    form.end();
    await finished;
  } catch (error) {
    throw broken === null ? error : badForm(broken);
  }
}
