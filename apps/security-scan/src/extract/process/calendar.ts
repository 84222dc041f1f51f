import { decodeText } from '../decode-text.js';
import type { TextSink } from './text-sink.js';

/** Properties that hold words for people (RFC 5545 §3.8.1, §3.8.4; X-ALT-DESC is the HTML form of a description). */
const WORDS = new Set(
  'SUMMARY DESCRIPTION LOCATION COMMENT CONTACT CATEGORIES RESOURCES URL ATTACH X-ALT-DESC X-WR-CALNAME NAME'.split(
    ' ',
  ),
);
const PEOPLE = new Set(['ORGANIZER', 'ATTENDEE']);

/** RFC 5545 §3.3.11: what a backslash stands before. */
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', N: '\n' };

/**
 * Reads the words of a calendar: what an invitation says to people. By lines and not by a calendar library, so that a
 * calendar that breaks other rules is read all the same.
 */
export async function readCalendar(bytes: Uint8Array, sink: TextSink): Promise<void> {
  // RFC 5545 §3.1: a line goes on in the next one when that begins with white space.
  const unfolded = decodeText(bytes).replaceAll(/\r?\n[ \t]/g, '');
  for (const line of unfolded.split(/\r?\n/)) {
    const property = propertyOf(line);
    if (property === null) continue;
    if (WORDS.has(property.name)) sink.add(`${unescaped(property.value)}\n`);
    if (PEOPLE.has(property.name)) sink.add(`${property.person} ${property.value.replace(/^mailto:/i, '')}\n`);
  }
}

/** RFC 5545 §3.1: `NAME;PARAMETER="quoted: text":value`. @returns null for a line without a value. */
function propertyOf(line: string): { name: string; value: string; person: string } | null {
  let quoted = false;
  let colon = 0;
  for (; colon < line.length; colon += 1) {
    if (line[colon] === '"') quoted = !quoted;
    if (line[colon] === ':' && !quoted) break;
  }
  if (colon === line.length) return null;
  const [name = '', ...parameters] = line.slice(0, colon).split(';');
  const person = parameters.find((parameter) => parameter.toUpperCase().startsWith('CN='));
  return {
    name: name.toUpperCase(),
    value: line.slice(colon + 1),
    person: person?.slice('CN='.length).replaceAll('"', '') ?? '',
  };
}

const unescaped = (value: string): string => value.replaceAll(/\\(.)/g, (_, char: string) => ESCAPED[char] ?? char);
