// How well text_parts tells new text from history, signatures and boilerplate, line by line.
//   npm run eval:text-parts                 on the samples of the unit test
//   npm run eval:text-parts -- --data DIR   and on the mails there that text-parts.labels.json names
// A label is a list of stretches: the letter of the kind (see KINDS) and how many lines it goes on; lines are counted in the
// text that mailparser makes of the mail, with its ends trimmed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simpleParser } from 'mailparser';
import { textParts } from '../dist/text-parts/text-parts.js';

const KINDS = { N: 'new', Q: 'quoted', S: 'signature', D: 'disclaimer' };
const SAMPLES = new URL('../src/text-parts/samples/', import.meta.url);
const LABELS = new URL('text-parts.labels.json', import.meta.url);

/** @typedef {{ name: string, lines: string[], expected: string[] }} Sample */

/** @returns {Sample[]} */
const ownSamples = () =>
  readdirSync(SAMPLES).map((name) => {
    const lines = readFileSync(new URL(name, SAMPLES), 'utf8').trimEnd().split('\n');
    return { name, lines: lines.map((line) => line.slice(2)), expected: lines.map((line) => KINDS[line[0]]) };
  });

/** @returns {Promise<Sample[]>} */
async function labelledMails(directory) {
  const labels = Object.entries(JSON.parse(readFileSync(LABELS, 'utf8')));
  const samples = [];
  for (const [name, label] of labels) {
    const { text = '' } = await simpleParser(readFileSync(join(directory, name)));
    const lines = text.replaceAll(/\r\n?/g, '\n').trim().split('\n');
    const expected = label.split(' ').flatMap((stretch) => Array(Number(stretch.slice(1))).fill(KINDS[stretch[0]]));
    if (expected.length !== lines.length)
      throw new Error(`${name}: the label has ${expected.length} lines, the mail ${lines.length}`);
    samples.push({ name, lines, expected });
  }
  return samples;
}

const kindsOf = ({ lines }) =>
  textParts(lines.join('\n')).flatMap(({ kind, text }) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map(() => kind),
  );

function score(title, samples) {
  const counts = Object.fromEntries(Object.values(KINDS).map((kind) => [kind, { labelled: 0, found: 0, right: 0 }]));
  let exact = 0;
  for (const sample of samples) {
    const found = kindsOf(sample);
    const wrong = sample.lines.flatMap((line, at) =>
      line.trim() !== '' && found[at] !== sample.expected[at] ? [at] : [],
    );
    if (wrong.length === 0) exact += 1;
    else
      process.stdout.write(
        `${sample.name}: ${wrong.length} lines, first line ${wrong[0] + 1} is ${sample.expected[wrong[0]]}, found ${found[wrong[0]]}\n`,
      );
    for (const [at, line] of sample.lines.entries()) {
      if (line.trim() === '') continue;
      counts[sample.expected[at]].labelled += 1;
      counts[found[at]].found += 1;
      if (found[at] === sample.expected[at]) counts[found[at]].right += 1;
    }
  }
  process.stdout.write(`${title}: ${samples.length} texts, ${exact} without a wrong line\n`);
  const share = (part, whole) => (whole === 0 ? '-' : (part / whole).toFixed(3));
  const rows = Object.entries(counts).map(([kind, { labelled, found, right }]) => [
    kind,
    { lines: labelled, precision: share(right, found), recall: share(right, labelled) },
  ]);
  console.table(Object.fromEntries(rows));
}

const { values } = parseArgs({ options: { data: { type: 'string' } } });
score('Own samples', ownSamples());
if (values.data !== undefined) score('Labelled mails', await labelledMails(values.data));
