import type { ProviderScan } from '@postern/contracts';
import type { HidingReason } from '@postern/mail-html';
import type { Unreadable } from '../extract/extraction.js';
import type { ArchiveListing } from './archive-listing.js';

/** A mail in the form that checks read: taken apart once, bounded in size, hostile bytes already decoded. */
export interface ScannedMail {
  direction: 'inbound' | 'outbound';
  /** Size of the whole MIME message. */
  sizeBytes: number;
  /** Header fields of the message itself (not of its parts), in their order, unfolded and undecoded. */
  headers: readonly HeaderField[];
  /** Null when there is none that can be read. */
  sender: Sender | null;
  /** What the provider that took it in found; null when none did. */
  providerScan: ProviderScan | null;
  /** Empty when there is none. */
  subject: string;
  /** The text/plain part; empty when there is none. */
  text: string;
  /** Null without an HTML part. */
  html: HtmlChannels | null;
  attachments: readonly ScannedAttachment[];
  /** What stands encoded in the other channels, made readable. */
  decoded: readonly DecodedText[];
  /** What its HTML, its text and its documents point to, each target once for each way it is written. */
  links: readonly Link[];
  /** Why the message could not be read as MIME; the other fields then hold what was still readable. */
  parseError: string | null;
  /** What was too large to be looked at whole: names of channels, for example `text`. */
  cut: readonly string[];
}

/** What a mail is taken apart into; the rest of it follows from this. */
export type MailParts = Omit<ScannedMail, 'decoded' | 'links'>;

/** Who a mail says that it is from. */
export interface Sender {
  address: string;
  /** As it is shown; empty when there is none. */
  name: string;
  /** Addresses of Reply-To; empty when there is none. */
  replyTo: readonly string[];
  /** Whether the sender that is shown proved to be the one (SPF or DKIM); null when nobody looked. */
  aligned: boolean | null;
}

/** A way in which text hides as data. */
export type Encoding =
  | 'tag characters'
  | 'variation selectors'
  | 'characters without width'
  | 'base64'
  | 'hexadecimal'
  | 'percent signs'
  | 'rot13'
  | 'reversed letters';

/** A readable text that stood encoded in a channel. */
export interface DecodedText {
  /** Name of the channel. */
  channel: string;
  /** From the outside in. */
  encodings: readonly Encoding[];
  text: string;
}

/** Something that a mail points to. */
export interface Link {
  kind: 'page' | 'picture' | 'form';
  /** As it stands. */
  target: string;
  /** What a person sees in its place; empty where the target itself is seen. */
  text: string;
  /** Written as Markdown or plain text, not as HTML. */
  written: 'html' | 'markdown' | 'plain';
}

export interface HeaderField {
  /** Lower case. */
  name: string;
  value: string;
  /** Octets of its longest line. */
  longestLine: number;
  /** Holds a NUL, or a CR that no LF follows. */
  controls: boolean;
}

/** An HTML part by who gets to see what. */
export interface HtmlChannels {
  /** What a person sees; block elements end in a line break. */
  visible: string;
  /** What a person does not see and a machine reads. */
  hidden: readonly HiddenRun[];
  /** Values of attributes, one per line: addresses of links, alt and title texts, form values. */
  attributes: string;
  /** Comments, one per line. */
  comments: string;
  /** What it points to, in its order. */
  links: readonly HtmlLink[];
}

export interface HtmlLink {
  /** `page` opens on a click, `picture` is fetched when the mail is shown, `form` is where entries go. */
  kind: 'page' | 'picture' | 'form';
  /** As it stands, entities resolved. */
  target: string;
  /** What a person sees in its place; empty but for pages. */
  text: string;
}

export interface HiddenRun {
  reason: HidingReason;
  text: string;
  /** Letters and digits that are visible before it. */
  visibleBefore: number;
}

export interface ScannedAttachment {
  /** Empty when it has none. */
  filename: string;
  /** As declared, lower case, without parameters. */
  contentType: string;
  sizeBytes: number;
  /** Of all its octets. */
  sha256: string;
  /** The first {@link HEAD_MAX_BYTES} at most. */
  head: Uint8Array;
  /** Its text, when it is text by type or name and by its first bytes; else null. */
  text: string | null;
  /** What it says to a reader, when it is a document (PDF, Office, HTML, calendar, mail, RTF) that could be read; else null. */
  documentText: string | null;
  /** Why a document could not be read; else null. */
  unreadable: Unreadable | null;
  /** What it lists, when it is a ZIP archive; documents of Office are. Else null. */
  archive: ArchiveListing | null;
  /** It is an Office document, old or new, that holds a program in VBA. */
  macros: boolean;
  /** Its texts are not the whole. */
  cut: boolean;
}

/** Longest text of one channel; the time of every check grows with this, not with the size of the mail. */
export const CHANNEL_MAX_CHARS = 1024 * 1024;
/** The deepest signature that is looked for starts within this. */
export const HEAD_MAX_BYTES = 4096;

/** A named stretch of text, for checks that look for patterns wherever they are. */
export interface Channel {
  name: string;
  text: string;
}

/** Every channel of a mail that holds text, and what is encoded in them as channels of their own. */
export function textChannels(mail: ScannedMail): Channel[] {
  const decoded = mail.decoded.map(({ channel, encodings, text }) => ({
    name: `${encodings.join(' in ')} in ${channel}`,
    text,
  }));
  return [...channelsAsTheyStand(mail), ...decoded];
}

/** Every channel of a mail that holds text, nothing decoded. */
export function channelsAsTheyStand(mail: MailParts): Channel[] {
  const channels: Channel[] = [
    { name: 'subject', text: mail.subject },
    { name: 'text', text: mail.text },
  ];
  if (mail.html !== null) {
    channels.push(
      { name: 'html', text: mail.html.visible },
      { name: 'hidden html', text: mail.html.hidden.map((run) => run.text).join('\n') },
      { name: 'html attributes', text: mail.html.attributes },
      { name: 'html comments', text: mail.html.comments },
    );
  }
  mail.attachments.forEach((attachment, index) => {
    channels.push({ name: `name of attachment ${index + 1}`, text: attachment.filename });
    if (attachment.text !== null) channels.push({ name: `attachment ${index + 1}`, text: attachment.text });
    if (attachment.documentText !== null) {
      channels.push({ name: `text of attachment ${index + 1}`, text: attachment.documentText });
    }
  });
  return channels.filter((channel) => channel.text !== '');
}
