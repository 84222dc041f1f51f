import { Clip } from '../../normalise/clip.js';
import { htmlChannels } from '../../normalise/html/html-channels.js';
import { decodeText } from '../decode-text.js';
import { DocumentError } from './document-error.js';
import type { TextSink } from './text-sink.js';

/** Reads what a person would see of a page. */
export async function readHtml(bytes: Uint8Array, sink: TextSink): Promise<void> {
  const clip = new Clip();
  sink.add(htmlChannels(decodeText(bytes), clip).visible);
  // Too long, or nested too deep: the rest was left.
  if (clip.channels.length > 0) throw new DocumentError('too_large');
}
