// How well the scanner tells attacks and leaks from harmless mail, on labelled mails; needs a build.
//   npm run eval:scanner -- --data FILE [--json FILE]
// FILE has one JSON object a line: {label, technique, direction, subject, from, text, html, attachments: [{filename, type, text}]}.
// Label `benign` is harmless; rows of the other labels are to be found. Harmless mail is judged in both directions.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RULES_VERSION } from '../dist/checks/all-checks.js';
import { areaUnderCurve, percentile, share } from './figures.mjs';
import { judged, readable } from './mails.mjs';
import { FLAGGED_FROM } from '../dist/verdict/verdict.js';

/** A service that runs has compiled its code: the first mails are judged twice, and count the second time. */
const WARM_UP = 200;

const OTHER_WAY = { inbound: 'outbound', outbound: 'inbound' };
const byScore = (rows) => rows.map(({ score }) => score);
const flagged = (rows) => rows.filter(({ score }) => score >= FLAGGED_FROM).length;

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

const found = (rows, benign) => ({
  n: rows.length,
  flagged: flagged(rows),
  recall: share(flagged(rows), rows.length),
  auc: areaUnderCurve(byScore(rows), byScore(benign)),
});

const falseAlarms = (rows, otherWay) => ({
  n: rows.length,
  flagged: flagged(rows),
  fpr: share(flagged(rows), rows.length),
  fprOtherDirection: share(flagged(otherWay), otherWay.length),
});

/** What an injection row does, without the way in which it is hidden, and the other way round. */
const [hiding, kind] = [0, 1].map((part) => ({ label, technique }) => {
  const parts = technique.split('+');
  return label === 'injection' ? (parts[part] ?? technique) : parts[0];
});

function figuresOf(rows) {
  const benign = rows.filter(({ label }) => label === 'benign');
  const otherWay = benign.map((row) => judged(row, OTHER_WAY[row.direction]));
  const harmful = rows.filter(({ label }) => label !== 'benign');
  const table = (some, keyOf) =>
    Object.fromEntries(grouped(some, keyOf).map(([key, group]) => [key, found(group, benign)]));
  const of = (label) => harmful.filter((row) => row.label === label);
  return {
    rules: RULES_VERSION,
    flaggedFrom: FLAGGED_FROM,
    labels: table(harmful, ({ label }) => label),
    benign: {
      all: falseAlarms(benign, otherWay),
      ...Object.fromEntries(
        grouped(benign, ({ technique }) => technique).map(([key, group]) => [
          key,
          falseAlarms(
            group,
            otherWay.filter(({ technique }) => technique === key),
          ),
        ]),
      ),
    },
    injection: {
      byPlace: table(of('injection'), hiding),
      byKind: table(of('injection'), kind),
      byFamily: table(of('injection'), ({ family }) => family),
    },
    secrets: table(of('secret_leak'), hiding),
    latencyMs: latency(rows),
  };
}

/**
 * Processor time, which other work on the machine does not lengthen, and time that passed. Some systems count processor time in
 * ticks: then its mean is right, and its p50 is not.
 */
function latency(rows) {
  const of = (key) => {
    const times = rows.map((row) => row[key]).sort((a, b) => a - b);
    const mean = Math.round((100 * times.reduce((sum, time) => sum + time, 0)) / times.length) / 100;
    return { mean, p50: percentile(times, 0.5), p99: percentile(times, 0.99), max: percentile(times, 1) };
  };
  return { cpu: of('cpuMs'), wall: of('wallMs') };
}

function print({ labels, benign, injection, secrets, latencyMs, rules }) {
  process.stdout.write(`rules ${rules}, flagged from risk score ${FLAGGED_FROM}; shares in percent\n`);
  for (const [title, table] of Object.entries({
    labels,
    'harmless mail': benign,
    'injection by place': injection.byPlace,
    'injection by kind': injection.byKind,
    'injection by family': injection.byFamily,
    secrets,
    'milliseconds for a mail': latencyMs,
  })) {
    process.stdout.write(`\n${title}\n`);
    console.table(table);
  }
}

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'string' } } });
if (values.data === undefined) throw new Error('Name the mails: --data FILE.');
const mails = readFileSync(values.data, 'utf8')
  .trim()
  .split('\n')
  .map((line) => readable(JSON.parse(line)));
for (const mail of mails.slice(0, WARM_UP)) judged(mail);
const figures = figuresOf(mails.map((mail) => judged(mail)));
print(figures);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
