import { decodedTexts } from '../../normalise/decode/decoded-texts.js';
import { wordsOfProse } from '../../normalise/decode/readable.js';
import type { Link, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { placeOf } from './place.js';

const METHOD = 'markdown_exfil';

/** A place that a model is to fill in: a name in brackets. */
const BRACKETS =
  /[/=?&](?:\[[\w .-]{2,60}\]|\{\{?[\w .-]{2,60}\}?\}|<[\w .-]{2,60}>|%5B[\w.+%-]{2,60}?%5D|%7B[\w.+%-]{2,60}?%7D|\$\{?[A-Z_]{3,40}\}?)(?=$|[&/#])/;
/** A mail merge that went wrong leaves brackets too; what programs that read mail hold is meant for a model. */
const DATA_NAMES =
  /(?:base64|secret|summary|token|password|data|query|inbox|content|conversation|history|prompt|answer|otp|message|email_?body)/i;
/** The same names in capitals are places even without brackets. */
const CAPITALS =
  /[/=?&](?:[A-Z_]{0,20}(?:BASE64|SECRET|SUMMARY|TOKEN|PASSWORD|DATA|QUERY|INBOX|CONTENT|CONVERSATION|HISTORY|PROMPT|ANSWER|OTP)[A-Z_]{0,20})(?=$|[&/#])/;

/** Fewer words in a value are a title or a campaign. */
const PROSE_WORDS_MIN = 5;
const VALUE_MIN_CHARS = 24;
const VALUES_MAX = 200;

/**
 * Looks for addresses that carry data away when a picture is fetched or a link opened: with a place for a model to fill in (both
 * directions), or filled in already (outbound).
 */
export const markdownExfilCheck: Check = {
  name: METHOD,
  direction: 'both',
  run(mail: ScannedMail): Finding[] {
    const links = mail.links.filter(({ target }) => /^https?:/i.test(target));
    return [...placeholders(links), ...pictures(links), ...(mail.direction === 'outbound' ? carried(links) : [])];
  },
};

function placeholders(links: readonly Link[]): Finding[] {
  const open = links.filter(({ target }) => BRACKETS.test(target) || CAPITALS.test(target));
  if (open.length === 0) return [];
  const meant = open.some(
    ({ target, written }) =>
      CAPITALS.test(target) || written === 'markdown' || DATA_NAMES.test(BRACKETS.exec(target)?.[0] ?? ''),
  );
  if (!meant) return [finding(METHOD, 'suspicious', 0.15, 'An address has a place that nobody filled in.')];
  const loads = open.some(({ kind }) => kind === 'picture');
  return [finding(METHOD, 'suspicious', loads ? 0.85 : 0.6, 'An address has a place where a model is to put data.')];
}

/** Mail shows no Markdown: a picture in it is for a program that renders what a model writes. */
function pictures(links: readonly Link[]): Finding[] {
  const remote = links.filter(({ kind, written }) => kind === 'picture' && written === 'markdown');
  if (remote.length === 0) return [];
  const withData = remote.some(({ target }) => (placeOf(target)?.url.search.length ?? 0) > 1);
  return [
    finding(METHOD, 'suspicious', withData ? 0.6 : 0.25, 'A picture is written as Markdown, and loads from outside.'),
  ];
}

function carried(links: readonly Link[]): Finding[] {
  const values = links.flatMap(({ target }) => valuesOf(target)).slice(0, VALUES_MAX);
  const prose = values.filter((value) => wordsOfProse(value) >= PROSE_WORDS_MIN);
  const encoded = decodedTexts(values.map((text) => ({ name: '', text }))).filter(
    ({ text }) => wordsOfProse(text) >= PROSE_WORDS_MIN,
  );
  if (encoded.length > 0) return [finding(METHOD, 'suspicious', 0.85, 'An address carries encoded sentences away.')];
  const loads = links.some(
    ({ kind, target }) => kind === 'picture' && valuesOf(target).some((value) => prose.includes(value)),
  );
  return loads ? [finding(METHOD, 'suspicious', 0.7, 'The address of a picture carries sentences away.')] : [];
}

function valuesOf(target: string): string[] {
  const url = placeOf(target)?.url;
  if (url === undefined) return [];
  return [...url.searchParams.values(), ...url.pathname.split('/')].filter((value) => value.length >= VALUE_MIN_CHARS);
}
