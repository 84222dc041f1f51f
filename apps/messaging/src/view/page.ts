import { inOrder, newFirst } from './allowances.js';
import { cutMarker, framed, frameTokens } from './markers.js';
import type { Block } from './read-body.js';
import { charsWithin, estimateTokens } from './token-estimate.js';

/** Which piece of a rendering is wanted. */
export interface PageRequest {
  /** Null: all of it. */
  maxTokens: number | null;
  /** Where to begin, in characters of all blocks one after the other. */
  offset: number;
  boundary: string;
  /** Where to ask for what lies behind an offset. */
  urlOf(offset: number): string;
  /** Where the rest of a body is that goes on beyond the blocks; null when it does not. */
  restUrl: string | null;
}

export interface RenderedPage {
  markdown: string;
  /** Estimate for all of `markdown`, markers too. */
  tokens: number;
  truncated: boolean;
  /** Offset of the first thing that was cut. Null when nothing was, or when only `restUrl` has it. */
  next: number | null;
}

/** A block, or the rest of one. */
interface Placed extends Block {
  offset: number;
  /** Its beginning was on an earlier page. */
  continued: boolean;
  /** Of what stands around it, and with it. */
  frame: number;
  cost: number;
  isNew: boolean;
}

/**
 * Writes blocks one after the other, those that are not new between markers, in at most so many tokens, with the marker that
 * says where it was cut; only where that takes most of a small page, it is longer. On the first page new text goes before everything else; later pages are read straight on. Each page has
 * something of the mail, so that reading on comes to an end.
 */
export function renderPage(blocks: readonly Block[], request: PageRequest): RenderedPage {
  const placed = place(blocks, request);
  const marker = markerTokens(placed, request);
  const budget = (request.maxTokens ?? Number.POSITIVE_INFINITY) - (request.restUrl === null ? 0 : marker);
  const allowances = (request.offset === 0 ? newFirst : inOrder)(placed, budget, marker);
  const pieces: string[] = [];
  let next: number | null = null;
  for (const [at, block] of placed.entries()) {
    const end = endWithin(block, allowances.tokens[at] ?? 0, pieces.length === 0);
    if (end > 0)
      pieces.push(framed(request.boundary, block.kind, block.markdown.slice(0, end).trimEnd(), block.continued));
    if (end === block.markdown.length) continue;
    const offset = block.offset + end;
    next ??= offset;
    const left = allowances.stopsAtCut ? tokensFrom(placed, at, end) : estimateTokens(block.markdown.slice(end));
    pieces.push(cutMarker(request.boundary, leftOut(left), request.urlOf(offset)));
    if (allowances.stopsAtCut) break;
  }
  const endsEarly = next === null && request.restUrl !== null;
  if (endsEarly) pieces.push(restMarker(request.boundary, request.restUrl ?? ''));
  const markdown = pieces.join('\n\n');
  return { markdown, tokens: estimateTokens(markdown), truncated: next !== null || endsEarly, next };
}

const leftOut = (tokens: number): string => `about ${tokens} tokens are left out`;

/** What the longest marker costs that a page can need. */
function markerTokens(placed: readonly Placed[], { boundary, urlOf, restUrl }: PageRequest): number {
  const last = placed.at(-1);
  const end = last === undefined ? 0 : last.offset + last.markdown.length;
  const markers = [
    cutMarker(boundary, leftOut(tokensFrom(placed, 0, 0)), urlOf(end)),
    restMarker(boundary, restUrl ?? ''),
  ];
  return Math.max(...markers.map((marker) => estimateTokens(`\n\n${marker}`)));
}

const restMarker = (boundary: string, url: string): string =>
  cutMarker(boundary, 'the mail is longer than what is rendered', url);

/** Blocks from an offset on; each takes its characters and one more. */
function place(blocks: readonly Block[], { offset: from, boundary }: PageRequest): Placed[] {
  const placed: Placed[] = [];
  let offset = 0;
  for (const { kind, markdown, tokens: wholeTokens } of blocks) {
    const skipped = Math.max(0, from - offset);
    if (skipped < markdown.length) {
      // Half a surrogate pair is no character.
      const rest = markdown.slice(skipped).replace(/^[\udc00-\udfff]/, '');
      const tokens = skipped === 0 ? wholeTokens : estimateTokens(rest);
      const frame = frameTokens(boundary, kind, skipped > 0);
      placed.push({
        kind,
        markdown: rest,
        tokens,
        offset: offset + markdown.length - rest.length,
        continued: skipped > 0,
        frame,
        cost: tokens + frame,
        isNew: kind === 'new',
      });
    }
    offset += markdown.length + 1;
  }
  return placed;
}

function tokensFrom(placed: readonly Placed[], at: number, end: number): number {
  const [first, ...rest] = placed.slice(at);
  return estimateTokens(first?.markdown.slice(end) ?? '') + rest.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Where to cut a block, so that a reader is least lost: behind a paragraph, a line, a word. */
function endWithin({ markdown, cost, frame }: Placed, allowance: number, isFirst: boolean): number {
  if (allowance >= cost) return markdown.length;
  const tokens = allowance - frame;
  const within = tokens > 0 ? charsWithin(markdown, tokens) : 0;
  if (within === 0) return isFirst ? firstWordEnd(markdown) : 0;
  const half = within / 2;
  for (const gap of ['\n\n', '\n', ' ']) {
    const end = markdown.lastIndexOf(gap, within);
    if (end > half) return beforeLink(markdown, end);
  }
  return charBoundary(markdown, within);
}

/** A link is not cut between its text and its address. */
function beforeLink(markdown: string, end: number): number {
  const begins = markdown.lastIndexOf('[', end);
  const joint = begins === -1 ? -1 : markdown.indexOf('](', begins);
  const isInside = joint !== -1 && markdown.indexOf(')', joint) > end && !markdown.slice(begins, joint).includes('\n');
  return isInside && begins > 0 ? begins : end;
}

/** No word is longer; base64 is. */
const WORD_MAX_CHARS = 100;

function firstWordEnd(markdown: string): number {
  const gap = markdown.slice(0, WORD_MAX_CHARS).search(/\S\s/);
  return gap === -1 ? charBoundary(markdown, Math.min(WORD_MAX_CHARS, markdown.length)) : gap + 1;
}

const charBoundary = (markdown: string, end: number): number =>
  /[\udc00-\udfff]/.test(markdown.charAt(end)) ? end + 1 : end;
