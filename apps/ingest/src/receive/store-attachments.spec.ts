import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileContentStore, sha256 } from '@postern/eventing';
import type { ParsedAttachment } from '../mail/parse-job.js';
import { storeAttachments } from './store-attachments.js';

const ORGANIZATION = 'org_01k9x5e8w2f7h8j9k0m1n2p3q4';
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-attachments-'));
});
afterAll(() => rm(directory, { recursive: true }));

const attachment = (text: string): ParsedAttachment => ({
  filename: `${text.slice(-8)}.txt`,
  contentType: 'text/plain',
  detectedContentType: null,
  disposition: 'attachment',
  contentId: null,
  bytes: Buffer.from(text),
});

test('stores each attachment, and tells of them in the order of the mail', async () => {
  const store = new FileContentStore(directory);
  // The first ones are the largest, and done last.
  const texts = Array.from({ length: 50 }, (_, n) => 'x'.repeat((50 - n) * 10_000) + n);
  const stored = await storeAttachments(store, ORGANIZATION, texts.map(attachment));
  expect(stored.map(({ content }) => content.sha256)).toEqual(texts.map(sha256));
  expect(stored[0]).not.toHaveProperty('bytes');
  for (const { content } of stored)
    expect(await store.get(ORGANIZATION, content.sha256)).toHaveLength(content.sizeBytes);
  expect(await storeAttachments(store, ORGANIZATION, [])).toEqual([]);
});

test('fails when one cannot be stored', async () => {
  const store = new FileContentStore(directory);
  const failing = Object.assign(Object.create(store) as FileContentStore, {
    put: () => Promise.reject(new Error('the disk is full')),
  });
  await expect(storeAttachments(failing, ORGANIZATION, [attachment('x'), attachment('y')])).rejects.toThrow('full');
});
