import type { Channel, DecodedText, Encoding } from '../scanned-mail.js';
import { DECODERS } from './decoders.js';

/** An encoding in an encoding; deeper nesting is no way to speak to a model. */
const DEPTH_MAX = 2;
/** Of one mail; text in more pieces than this is data. */
const PIECES_MAX = 200;
/** Of one mail, so that decoded text costs at most a part of what the mail itself costs. */
const CHARS_MAX = 256 * 1024;

/**
 * Makes readable what stands encoded in the channels of a mail. Pure, linear, bounded in output.
 * @returns in the order of the channels, then of the encodings; the same text once.
 */
export function decodedTexts(channels: readonly Channel[]): DecodedText[] {
  const found = new Map<string, DecodedText>();
  let left = CHARS_MAX;
  const search = (text: string, channel: string, outer: readonly Encoding[]): void => {
    for (const { encoding, hint, decode } of DECODERS) {
      // Turning letters around twice is the text itself, and a rotation of decoded data is no message.
      if (outer.includes(encoding) || !hint.test(text)) continue;
      for (const piece of decode(text)) {
        if (left <= 0 || found.size >= PIECES_MAX) return;
        if (found.has(piece)) continue;
        left -= piece.length;
        const encodings = [...outer, encoding];
        found.set(piece, { channel, encodings, text: piece });
        if (encodings.length < DEPTH_MAX) search(piece, channel, encodings);
      }
    }
  };
  for (const { name, text } of channels) search(text, name, []);
  return [...found.values()];
}
