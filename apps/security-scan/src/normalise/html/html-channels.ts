import { readHtml } from '@postern/mail-html';
import type { Clip } from '../clip.js';
import { CHANNEL_MAX_CHARS, type HtmlChannels } from '../scanned-mail.js';
import { ChannelWriter } from './channel-writer.js';

/** Takes an HTML part apart by who gets to see what; checks read every channel. */
export function htmlChannels(html: string, clip: Clip): HtmlChannels {
  const writer = new ChannelWriter(CHANNEL_MAX_CHARS);
  const { cut } = readHtml(html, CHANNEL_MAX_CHARS, writer);
  if (cut || writer.full) clip.note('html');
  return writer.channels();
}
