import type { Line } from './lines.js';

/**
 * Verbs of the line that mail clients write above a quote, as their translations have them. Checked against the translation files
 * of Thunderbird, Gmail, Apple Mail and Roundcube that mails in the wild show.
 */
const VERB = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}])(?:wrote|writes|schrieb(?:en)?|a écrit|écrit|escribió|escreveu|ha scritto|scritto|schreef|geschreven`,
    String.raw`skrev|kirjoitti|napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|yazdı|menulis`,
    String.raw`đã viết|va escriure|kirjutas|rašė|rakstīja|je napisao|je napisala|piše`,
    String.raw`пишет|написал(?:\(а\)|а)?|писал(?:\(а\)|а)?|пише|написав|έγραψε)(?![\p{L}\p{N}])`,
    '写道|寫道|書きました|작성|썼습니다|כתב|كتب|نوشت|लिखा|เขียน',
  ].join('|'),
  'iu',
);
/** How that line begins when it begins with the date. */
const OPENER =
  /^(?:on|am|le|el|il|em|op|den|dne|dňa|w dniu|dnia|la data de|pe|a|në|el dia|tarihinde|vào|pada|στις|в|у|在|于|於)\s*\S/iu;
const DATE =
  /\b\d{4}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}[:.]\d{2}\b|\d{1,4}\s*年|\d{1,2}\.?\s+\p{L}{3,9}\.?,?\s+\d{2,4}/u;
const ADDRESS = /[^\s<>@]{1,64}@[^\s<>@]{1,255}/u;
const COLON = /[:：]\s*[*_]{0,2}\s*$/u;

/** Clients wrap the line at about 75 characters; names and addresses make it two or three lines. */
const LINES_MAX = 3;
const CHARS_MAX = 400;

export interface Attribution {
  /** Index of its first line. */
  start: number;
  /** It is one beyond doubt, even when no quote marks follow: it tells who and when. */
  certain: boolean;
}

/**
 * Recognises "On 1 May, Ann wrote:" and its like in other languages.
 * @param end  index of the line that the attribution would end in.
 */
export function attributionEndingIn(lines: readonly Line[], end: number): Attribution | null {
  const last = lines[end];
  if (last === undefined || !COLON.test(last.head)) return null;
  for (let count = LINES_MAX; count >= 1; count -= 1) {
    const start = end - count + 1;
    const found = start < 0 ? null : read(lines, start, end);
    if (found !== null) return { start, certain: found };
  }
  return null;
}

/** @returns null when the lines are none, else whether they are one for sure. */
function read(lines: readonly Line[], start: number, end: number): boolean | null {
  const parts: string[] = [];
  for (let at = start; at <= end; at += 1) {
    const line = lines[at];
    if (line === undefined || line.blank || line.quoted) return null;
    parts.push(line.head.trim());
  }
  const text = parts.join(' ').replace(/^[*_]+/, '');
  if (text.length > CHARS_MAX) return null;
  const dated = DATE.test(text);
  const addressed = ADDRESS.test(text);
  const opens = OPENER.test(text);
  // Several lines are one attribution only when the first of them begins it.
  if (parts.length > 1 && !(opens && DATE.test(`${parts[0]} ${parts[1]}`))) return null;
  if (VERB.test(text)) return dated && (addressed || opens);
  // Some translations have no verb; who and when, above quote marks, is enough.
  return dated && addressed ? false : null;
}
