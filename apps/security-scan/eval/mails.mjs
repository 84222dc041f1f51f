// A labelled row in the form that the service gives to its checks, by the functions of the service.
import { mailAttachment, scannedAttachment } from '../dist/normalise/attachment-text.js';
import { Clip } from '../dist/normalise/clip.js';
import { withDerived } from '../dist/normalise/derived.js';
import { headerFields } from '../dist/normalise/header-fields.js';
import { htmlChannels } from '../dist/normalise/html/html-channels.js';
import { judge } from '../dist/verdict/verdict.js';

const SENDER = /^(?<name>.*?)\s*<(?<address>[^<>]*)>\s*$/su;

/** The fields that every row has, whatever it lacks. */
export const readable = ({
  label,
  technique,
  family = '',
  direction,
  subject = '',
  from = '',
  text = '',
  html = null,
  attachments = [],
}) => ({
  label,
  technique,
  family,
  direction,
  subject,
  from,
  text,
  html,
  attachments,
});

function senderOf(from) {
  const { name = '', address = from.trim() } = SENDER.exec(from)?.groups ?? {};
  return { address, name: name.replaceAll('"', '').trim(), replyTo: [], aligned: null };
}

function scanned(row, direction) {
  const clip = new Clip();
  const from = row.from.replaceAll(/\s+/g, ' ');
  return withDerived({
    direction,
    sizeBytes: row.text.length + (row.html?.length ?? 0),
    headers: headerFields(Buffer.from(`From: ${from}\nTo: reader@example.com\nMIME-Version: 1.0\n`)).fields,
    sender: senderOf(from),
    subject: row.subject,
    text: clip.text('text', row.text),
    html: row.html === null ? null : htmlChannels(row.html, clip),
    attachments: row.attachments.map(({ filename, type, text }, index) =>
      // Its text is what a reader of documents would have read.
      scannedAttachment(
        mailAttachment({ filename, contentType: type, bytes: Buffer.from(text) }),
        { status: 'read', text, truncated: false },
        index + 1,
        clip,
      ),
    ),
    parseError: null,
    cut: clip.channels,
  });
}

/** The row with its risk score and what it took to find it, from the parts of the mail to the verdict. */
export function judged(row, direction = row.direction) {
  const startedAt = performance.now();
  const cpuBefore = process.threadCpuUsage();
  const { security } = judge(scanned(row, direction));
  const { user, system } = process.threadCpuUsage(cpuBefore);
  return { ...row, score: security.risk_score, cpuMs: (user + system) / 1_000, wallMs: performance.now() - startedAt };
}
