import type { ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';

const METHOD = 'phishing';

/** A demand that swindlers make: it takes each of its parts, anywhere in the mail. */
interface Frame {
  confidence: number;
  detail: string;
  parts: readonly RegExp[];
}

const LINK = /https?:\/\//i;

/** What frauds by mail ask for (FBI IC3 report 2023: business e-mail compromise, gift cards, credential phishing, refunds). */
const FRAMES: readonly Frame[] = [
  {
    confidence: 0.6,
    detail: 'It asks to buy gift cards and to send their codes.',
    parts: [
      /\bgift ?cards?\b/i,
      /\b(?:send|give|text|e-?mail|forward|scratch)\b[^.!?]{0,40}\b(?:codes?|pins?|numbers|photos?|pictures?)\b/i,
    ],
  },
  {
    confidence: 0.5,
    detail: 'It changes the bank account that payments go to.',
    parts: [
      /\b(?:new|changed|updated|change(?:s)? (?:of|in|to)|different)\b[^.!?]{0,30}\b(?:bank(?:ing)?|account|payment|remittance)\b[^.!?]{0,20}\b(?:details|account|information|instructions)\b|\b(?:bank(?:ing)?|account) (?:details|information) (?:has|have) (?:been )?changed\b/i,
      /\b(?:invoices?|payments?|transfers?|remit|pay)\b/i,
      /\b(?:from now|use|only|effective|future|next|all|please)\b/i,
    ],
  },
  {
    confidence: 0.5,
    detail: 'It threatens with the loss of an account and asks to sign in by a link.',
    parts: [
      LINK,
      /\b(?:account|mailbox|password|access|card|subscription|profile|membership)\b[^.!?]{0,60}\b(?:suspended|locked|limited|restricted|deactivated|disabled|expires?|expired|closed|deleted|on hold|blocked|terminated)\b|\b(?:unusual|suspicious|unauthori[sz]ed)\b[^.!?]{0,30}\b(?:sign-?in|log-?in|activity|access|transaction)\b/i,
      /\b(?:verify|confirm|update|restore|unlock|validate|reactivate|re-?activate|keep)\b[^.!?]{0,40}\b(?:account|identity|password|details|information|access|payment|e-?mail)\b|\b(?:sign|log) ?in\b/i,
      /\b(?:immediately|within \d{1,3} (?:hours?|days?)|today|now|urgent|permanently|avoid|prevent|failure to|otherwise|until)\b/i,
    ],
  },
  {
    confidence: 0.45,
    detail: 'It promises money and asks for card details by a link.',
    parts: [
      LINK,
      /\b(?:refund|reimbursement|compensation|prize|reward|inheritance)\b/i,
      /\b(?:card|bank|account) (?:details|number|information)\b/i,
    ],
  },
  {
    confidence: 0.35,
    detail: 'It asks to sign in to see a document or a message.',
    parts: [
      LINK,
      /\b(?:shared|document|file|invoice|voicemail|fax|message|parcel|package|shipment)\b/i,
      /\b(?:sign|log) ?in (?:with|using|to (?:view|see|read|open))\b|\blogin required\b|\b(?:pay|confirm)[^.!?]{0,30}\b(?:fee|customs|address)\b/i,
    ],
  },
];

/** Looks for the demands that frauds by mail make. In plain words and English; who else writes them is told by the sender and the links. */
export const phishingFramesCheck: Check = {
  name: METHOD,
  direction: 'inbound',
  run(mail: ScannedMail): Finding[] {
    const said = [mail.subject, mail.text, mail.html?.visible ?? ''].join('\n').replaceAll(/\s+/g, ' ');
    const text = `${said} ${mail.html?.links.map(({ target }) => target).join(' ') ?? ''}`;
    return FRAMES.filter(({ parts }) => parts.every((part) => part.test(text))).map(({ confidence, detail }) =>
      finding(METHOD, 'suspicious', confidence, detail),
    );
  },
};
