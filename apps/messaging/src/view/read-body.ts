import { readHtmlInTurns } from '@postern/mail-html';
import { classify, CLASSIFIED_LINES_MAX, type PartKind } from '../text-parts/classify.js';
import { toLine } from '../text-parts/lines.js';
import { escapeText, sealLine } from './escape-markdown.js';
import { HiddenRuns, type HiddenText } from './hidden-runs.js';
import { withoutInvisible } from './invisible.js';
import type { MarkdownLine } from './line-buffer.js';
import { MarkdownWriter } from './markdown-writer.js';
import { estimateTokens } from './token-estimate.js';

/** Longer bodies are read in part, so that no mail costs more than a fraction of a second. Of HTML the guard reads as much. */
export const HTML_MAX_CHARS = 1024 * 1024;
const TEXT_MAX_CHARS = 512 * 1024;

/** A stretch of a body in Markdown. */
export interface Block {
  kind: PartKind;
  markdown: string;
  /** Estimate. */
  tokens: number;
}

/** What a person sees of a body, in order, and what not. */
export interface ReadBody {
  source: 'html' | 'text' | null;
  blocks: Block[];
  hidden: HiddenText[];
  /** Hidden texts that are not listed. */
  hiddenMore: number;
  /** The body goes on beyond what was read. */
  cut: boolean;
}

/** Reads the HTML, because that is what mail clients show; the text when there is none, or nothing to see in it. */
export async function readBody({ text, html }: { text: string | null; html: string | null }): Promise<ReadBody> {
  const fromHtml = html === null ? null : await readHtmlBody(html);
  if (fromHtml !== null && (fromHtml.blocks.length > 0 || (text ?? '').trim() === '')) return fromHtml;
  if (text === null) return { source: null, blocks: [], hidden: [], hiddenMore: 0, cut: false };
  const fromText = readText(text);
  if (fromHtml === null) return fromText;
  return { ...fromText, hidden: [...fromHtml.hidden, ...fromText.hidden], hiddenMore: fromHtml.hiddenMore };
}

async function readHtmlBody(html: string): Promise<ReadBody> {
  const writer = new MarkdownWriter();
  const { cut } = await readHtmlInTurns(html, HTML_MAX_CHARS, writer);
  const blocks = blocksOf(writer.finish());
  const { hidden, more } = writer.hidden.finish();
  return { source: 'html', blocks, hidden, hiddenMore: more, cut };
}

function readText(text: string): ReadBody {
  const read = text.slice(0, TEXT_MAX_CHARS).toWellFormed();
  const runs = new HiddenRuns();
  runs.addSpelled(read);
  const lines = withoutInvisible(read).split('\n');
  const blocks = blocksOf(lines.map((line) => ({ text: plainLine(line), quoted: false, signed: false })));
  const { hidden, more } = runs.finish();
  return { source: 'text', blocks, hidden, hiddenMore: more, cut: read.length < text.length };
}

const plainLine = (line: string): string => sealLine(escapeText(line.trimEnd()));

/** Neighbouring lines of one kind are one block; blank lines at its ends say nothing. */
function blocksOf(lines: readonly MarkdownLine[]): Block[] {
  const kinds = classify(lines.slice(0, CLASSIFIED_LINES_MAX).map((line) => toLine(line.text, line)));
  const rest = kinds.at(-1) ?? 'new';
  const stretches: { kind: PartKind; lines: string[] }[] = [];
  for (const [at, { text }] of lines.entries()) {
    const kind = kinds[at] ?? rest;
    const last = stretches.at(-1);
    if (last?.kind === kind) last.lines.push(text);
    else stretches.push({ kind, lines: [text] });
  }
  return stretches
    .map(({ kind, lines: own }) => ({ kind, markdown: withoutBlankEnds(own.join('\n')) }))
    .filter(({ markdown }) => markdown !== '')
    .map((block) => ({ ...block, tokens: estimateTokens(block.markdown) }));
}

const withoutBlankEnds = (text: string): string =>
  text
    .replaceAll(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .trimEnd();
