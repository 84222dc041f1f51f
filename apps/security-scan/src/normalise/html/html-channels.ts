import { Parser } from 'htmlparser2';
import type { Clip } from '../clip.js';
import { CHANNEL_MAX_CHARS, type HtmlChannels } from '../scanned-mail.js';
import { ChannelWriter } from './channel-writer.js';
import { StyleSheet } from './style-sheet.js';

/** Fed in pieces, so that a hostile part can be left in its middle. */
const PIECE_CHARS = 16 * 1024;
/** Deeper elements are no mail, and closing tags would each search the whole stack. Browsers stop at 512. */
const DEPTH_MAX = 512;

/** Pictures inside attributes can be large and hold no text. SVG does, and stays. */
const INLINE_PICTURE = /data:image\/(?:png|jpe?g|gif|webp|bmp|x-icon);base64,[A-Za-z0-9+/=]+/gi;

/**
 * Takes an HTML part apart by who gets to see what. htmlparser2 and not a DOM: one pass and no tree, so that the cost is
 * bounded by the length; where it reads broken markup otherwise than a browser, text ends up in some channel all the same,
 * and checks read every channel.
 */
export function htmlChannels(html: string, clip: Clip): HtmlChannels {
  const text = clip.text('html', html.replaceAll(INLINE_PICTURE, 'data:image'));
  const writer = new ChannelWriter(styleSheetOf(text), CHANNEL_MAX_CHARS);
  const wholeRead = feed(text, new Parser(writer, { decodeEntities: true }), () => writer.depth);
  if (!wholeRead || writer.full) clip.note('html');
  return writer.channels();
}

/** The rules of all style elements, read beforehand: they hold for what stands before them too. */
function styleSheetOf(html: string): StyleSheet {
  const sheet = new StyleSheet();
  if (!/<style/i.test(html)) return sheet;
  let depth = 0;
  let css: string | null = null;
  const parser = new Parser({
    onopentagname: (tag) => {
      depth += 1;
      if (tag === 'style') css = '';
    },
    onclosetag: (tag) => {
      depth -= 1;
      if (tag !== 'style' || css === null) return;
      sheet.add(css);
      css = null;
    },
    ontext: (text) => {
      if (css !== null) css += text;
    },
  });
  feed(html, parser, () => depth);
  return sheet;
}

/** @returns false when the text was left in its middle because it nests too deep. */
function feed(text: string, parser: Parser, depth: () => number): boolean {
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    parser.write(text.slice(at, at + PIECE_CHARS));
    if (depth() > DEPTH_MAX) {
      parser.end();
      return false;
    }
  }
  parser.end();
  return true;
}
