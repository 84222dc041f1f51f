import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { noDocuments, outboundMail } from '../src/normalise/scanned-mail.fake.js';
import { scannedFromMime } from '../src/normalise/from-mime.js';
import { judge, type Verdict } from '../src/verdict/verdict.js';

/** Lies beside the repository where the project is developed; elsewhere these tests are skipped. */
const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
const withCorpus = existsSync(CORPUS) ? describe : describe.skip;

interface Row {
  label: string;
  technique: string;
  direction: 'inbound' | 'outbound';
  subject: string;
  from: string;
  text: string;
  html: string | null;
  attachments?: { filename: string; type: string; text: string }[];
}

function judgeRow(row: Row, direction: Row['direction']): Verdict {
  const mail = outboundMail({
    direction,
    subject: row.subject,
    text: row.text,
    ...(row.html === null ? {} : { html: row.html }),
    attachments: (row.attachments ?? []).map(({ filename, type, text }) => ({
      filename,
      contentType: type,
      bytes: Buffer.from(text),
    })),
  });
  return judge(mail);
}

withCorpus('threats, development split', () => {
  const rows = existsSync(CORPUS)
    ? readFileSync(new URL('threats/dev.jsonl', CORPUS), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
    : [];
  const shareFlagged = (some: Row[], direction?: Row['direction']): number =>
    some.filter((row) => judgeRow(row, direction ?? row.direction).flagged).length / some.length;

  // Below what is reached, as npm run eval:scanner tells: a fall is noticed, a mail more or less is not.
  it.each([
    ['orders to a model', 'injection', 0.7],
    ['personal data', 'pii', 0.95],
    ['frauds', 'phishing', 0.75],
  ])('finds %s', (_, label, least) => {
    expect(shareFlagged(rows.filter((row) => row.label === label))).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['comments and attributes', /^(html_comment|alt_text|title_attribute)\+/],
    ['encodings', /^(base64|zero_width_split)\+/],
    ['attachments and invitations', /^(attachment_text|ics_calendar)\+/],
  ])('finds them in %s', (_, place) => {
    expect(shareFlagged(rows.filter(({ technique }) => place.test(technique)))).toBeGreaterThanOrEqual(0.9);
  });

  it('finds secrets', () => {
    expect(shareFlagged(rows.filter(({ label }) => label === 'secret_leak'))).toBeGreaterThanOrEqual(0.98);
  });

  it('finds text hidden by CSS', () => {
    const hidden = rows.filter(({ technique }) => /^(css_|hidden_preheader|zero_width)/.test(technique));
    expect(shareFlagged(hidden)).toBeGreaterThanOrEqual(0.95);
  });

  it('lets harmless mail pass, in and out', () => {
    const benign = rows.filter(({ label }) => label === 'benign');
    expect(shareFlagged(benign, 'inbound')).toBeLessThanOrEqual(0.003);
    expect(shareFlagged(benign, 'outbound')).toBeLessThanOrEqual(0.003);
  });

  it('takes at most 15 ms of a processor for 99 of 100 mails', () => {
    const times = rows.map((row) => {
      const before = process.threadCpuUsage();
      judgeRow(row, row.direction);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1_000;
    });
    times.sort((a, b) => a - b);
    // Twice of what eval:scanner tells: a test has not judged enough for its code to be compiled.
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(15);
  });
});

withCorpus('real MIME, broken and whole', () => {
  const files = existsSync(CORPUS) ? readdirSync(new URL('mime/', CORPUS)).filter((name) => name.endsWith('.eml')) : [];

  it('never makes a check fail', async () => {
    for (const name of files) {
      const mail = await scannedFromMime(readFileSync(new URL(`mime/${name}`, CORPUS)), noDocuments);
      for (const direction of ['inbound', 'outbound'] as const) {
        const { security } = judge({ ...mail, direction });
        expect(security.risk_score).toBeGreaterThanOrEqual(0);
      }
    }
    expect(files.length).toBeGreaterThan(100);
  }, 60_000);
});
