import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { residentBytes } from '@postern/platform';
import { waitFor } from '@postern/testing';
import type { DocumentFormat, ExtractionJob } from '../src/extract/extraction.js';
import { ExtractorPool } from '../src/extract/extractor-pool.js';
import { RESIDENT_MAX_BYTES, TEXT_MAX_CHARS } from '../src/extract/limits.js';
import { wordFile, wordOf, workbookOf } from './documents/office-files.js';
import { pdfOf, pdfOfStreams, pdfWithNames } from './documents/pdf-file.js';
import { EXTRACTOR_FROM_SOURCES } from './extractor-from-sources.js';

const MB = 1024 * 1024;

let pool: ExtractorPool;

beforeEach(() => {
  pool = new ExtractorPool(EXTRACTOR_FROM_SOURCES);
});

afterEach(() => pool.onApplicationShutdown());

const job = (format: DocumentFormat, bytes: Uint8Array, more: Partial<ExtractionJob> = {}): ExtractionJob => ({
  format,
  bytes,
  // Far more than production gives: the machine of a test is busy.
  timeMs: 60_000,
  maxChars: TEXT_MAX_CHARS,
  ...more,
});

const read = (format: DocumentFormat, bytes: Uint8Array, more?: Partial<ExtractionJob>) =>
  pool.read(job(format, bytes, more));

/** A page that draws for ever: a form that shows itself is caught, an endless run of spaces is only long. */
const blankPages = (megabytes: number): Buffer => pdfOfStreams([Buffer.alloc(megabytes * MB, ' ')]);

describe('the processes that read attachments', () => {
  it('are started when they are needed, and used again', async () => {
    expect(pool.pids).toEqual([]);
    expect(await read('pdf', pdfOf('First'))).toEqual({ status: 'read', text: 'First', truncated: false });
    const [first] = pool.pids;
    expect(await read('archive', wordOf('Second'))).toEqual({ status: 'read', text: 'Second', truncated: false });
    expect(pool.pids).toEqual([first]);
  });

  it('are two at most, and everybody gets a turn', async () => {
    const texts = Array.from({ length: 8 }, (_, index) => `Text ${index}`);
    const extractions = await Promise.all(texts.map((text) => read('archive', wordOf(text))));
    expect(extractions).toEqual(texts.map((text) => ({ status: 'read', text, truncated: false })));
    expect(pool.pids).toHaveLength(2);
  });

  it('are ended with the service', async () => {
    await read('archive', wordOf('x'));
    const [pid = 0] = pool.pids;
    pool.onApplicationShutdown();
    await waitFor(async () => (await residentBytes(pid)) === 0, 'the process to end');
  });

  it('hear nothing of the settings of the service, and read nothing but their own code', async () => {
    // Loaded before anything else: what it cannot read, no reader can.
    const spy = new ExtractorPool({
      ...EXTRACTOR_FROM_SOURCES,
      execArgv: [...EXTRACTOR_FROM_SOURCES.execArgv, '--import', `data:text/javascript,${encodeURIComponent(SPY)}`],
    });
    expect(await spy.read(job('archive', wordOf('x')))).toMatchObject({ status: 'read' });
    spy.onApplicationShutdown();
  });

  it('that do not start are not the fault of an attachment', async () => {
    const broken = new ExtractorPool({ ...EXTRACTOR_FROM_SOURCES, entry: new URL('no-such-file.ts', import.meta.url) });
    await expect(broken.read(job('archive', wordOf('x')))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

/** Ends the process when it can do what it must not. */
const SPY = `
  import { readFileSync } from 'node:fs';
  import { spawnSync } from 'node:child_process';
  import { Worker } from 'node:worker_threads';
  const refused = (act) => { try { act(); return false; } catch (error) { return true; } };
  const all = [
    refused(() => readFileSync('/etc/hostname')),
    refused(() => readFileSync('/proc/' + process.ppid + '/environ')),
    refused(() => spawnSync('true')),
    refused(() => new Worker('0', { eval: true })),
    refused(() => new Function('return 1')),
    Object.keys(process.env).every((name) => name.startsWith('NODE_CHANNEL')),
  ];
  if (all.includes(false)) process.exit(1);
`;

describe('an attachment that takes too much', () => {
  it('time: its process is killed, and the next attachment is read by another', async () => {
    await read('archive', wordOf('warm'));
    const [before] = pool.pids;
    expect(await read('pdf', blankPages(200), { timeMs: 300 })).toEqual({ status: 'unreadable', reason: 'timeout' });
    expect(await read('archive', wordOf('Next'))).toMatchObject({ status: 'read', text: 'Next' });
    expect(pool.pids).not.toContain(before);
  });

  it('memory outside the heap: a stream that inflates a thousand times', async () => {
    const bomb = blankPages(600);
    expect(bomb.byteLength).toBeLessThan(5 * MB);
    await read('archive', wordOf('warm'));
    const [pid = 0] = pool.pids;
    const seen: number[] = [];
    const watch = setInterval(() => void residentBytes(pid).then((bytes) => seen.push(bytes)), 10);
    expect(await read('pdf', bomb)).toEqual({ status: 'unreadable', reason: 'memory' });
    clearInterval(watch);
    // What comes between two looks is the rest.
    expect(Math.max(...seen)).toBeLessThan(2 * RESIDENT_MAX_BYTES);
    expect(await read('archive', wordOf('Next'))).toMatchObject({ status: 'read' });
  });

  it('memory of the heap: a dictionary of very many names', async () => {
    // A quarter of the usual heap, so that the test need not fill all of it.
    const small = new ExtractorPool({
      ...EXTRACTOR_FROM_SOURCES,
      execArgv: [...EXTRACTOR_FROM_SOURCES.execArgv, '--max-old-space-size=48'],
    });
    const bomb = pdfWithNames(400_000);
    expect(await small.read(job('pdf', bomb))).toEqual({ status: 'unreadable', reason: 'memory' });
    expect(await small.read(job('archive', wordOf('Next')))).toMatchObject({ status: 'read' });
    small.onApplicationShutdown();
  });

  it('output: a text that a workbook shows again and again', async () => {
    const bomb = workbookOf(
      `<si><t>${'a'.repeat(30_000)}</t></si>`,
      '<row><c t="s"><v>0</v></c></row>'.repeat(100_000),
    );
    const extraction = await read('archive', bomb);
    expect(extraction).toMatchObject({ status: 'read', truncated: true });
    expect(extraction.status === 'read' && extraction.text.length).toBeLessThanOrEqual(TEXT_MAX_CHARS);
  });

  it('room: an archive that unpacks to more than is allowed', async () => {
    const bomb = wordFile(' '.repeat(200 * MB));
    expect(await read('archive', bomb)).toEqual({ status: 'unreadable', reason: 'too_large' });
  });

  it.each<[DocumentFormat, Buffer]>([
    ['pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(25 * MB)])],
    ['archive', Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(25 * MB)])],
    ['html', Buffer.alloc(25 * MB, '<p>a')],
    ['calendar', Buffer.alloc(25 * MB, 'SUMMARY:a\n')],
    ['mail', Buffer.alloc(25 * MB, 'a: b\n')],
    ['rtf', Buffer.alloc(25 * MB, '{\\b a}')],
  ])('25 MB of %s come to an end', async (format, bytes) => {
    const extraction = await read(format, bytes, { timeMs: 10_000 });
    expect(extraction.status === 'unreadable' || extraction.truncated).toBe(true);
    expect(await read('archive', wordOf('Next'))).toMatchObject({ status: 'read' });
  });
});

describe('a process that ends while it reads', () => {
  const killed = async (): Promise<void> => {
    const pid = await waitFor(async () => pool.pids[0] ?? false, 'a process');
    process.kill(pid, 'SIGKILL');
  };

  it('is replaced, and the attachment read once more', async () => {
    await read('archive', wordOf('warm'));
    const [pid = 0] = pool.pids;
    const reading = read('pdf', pdfOf(...Array.from({ length: 300 }, (_, page) => `Page ${page}`)));
    process.kill(pid, 'SIGKILL');
    expect(await reading).toMatchObject({ status: 'read', truncated: false });
    await killed();
    expect(await read('archive', wordOf('Next'))).toMatchObject({ status: 'read' });
  });

  it("twice is the attachment's fault", async () => {
    const crash = new ExtractorPool({
      ...EXTRACTOR_FROM_SOURCES,
      execArgv: [
        ...EXTRACTOR_FROM_SOURCES.execArgv,
        '--import',
        "data:text/javascript,process.on('message', () => process.exit(3))",
      ],
    });
    expect(await crash.read(job('archive', wordOf('x')))).toEqual({ status: 'unreadable', reason: 'crashed' });
    crash.onApplicationShutdown();
  });
});
