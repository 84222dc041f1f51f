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

  // The goals of this checks: secrets 95 % at 0.3 % of harmless mail, CSS-hidden text 95 %.
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

  it('takes at most 5 ms for 99 of 100 mails on a free core', () => {
    const times = rows.map((row) => {
      const startedAt = performance.now();
      judgeRow(row, 'outbound');
      return performance.now() - startedAt;
    });
    times.sort((a, b) => a - b);
    // Other work shares the cores of a test run: ten times as much is let pass.
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(50);
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
