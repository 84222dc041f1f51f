import type { Line } from './lines.js';

/** RFC 3676 §4.3 has a space after the dashes; many clients lose it. */
const DELIMITER = /^--[ \u00a0]?$/;
const STRICT_DELIMITER = /^-- $/;
/** Longer texts under two dashes are sections of a text, unless the delimiter is exact. */
const SIGNATURE_MAX_LINES = 25;

/** What phones and webmail add by themselves. */
const DEVICE = new RegExp(
  String.raw`^\s*[*_\[(]{0,2}(?:${[
    String.raw`(?:sent|get|envoyé|enviado|inviato|verzonden|verstuurd|gesendet|skickat|sendt|wysłan[eo]|odesláno|lähetetty|отправлено)\b.{0,40}\b(?:iphone|ipad|android|galaxy|samsung|huawei|xiaomi|blackberry|nokia|windows phone|outlook|yahoo|proton ?mail|mail for windows|smartphone|mobile|mobil|handy|телефона)\b`,
    String.raw`(?:von|vanaf|da|de|desde|fra|från|z) (?:meinem|mijn|il mio|mon|mi|min|mojego) (?:iphone|ipad|android|handy|mobil|smartphone|samsung|mobiele).{0,60}`,
    '从我的 ?(?:iphone|ipad|手机).{0,6}|iphoneから送信|發自我的 ?iphone|발신자.{0,10}iphone|나의 iphone에서 보냄|iphone.umdan gönderildi',
  ].join('|')})`,
  'iu',
);

/** What people write above their name. */
const CLOSING = new RegExp(
  String.raw`^\s*(?:${[
    'best|all the best|best wishes|(?:kind|best|warm|warmest|many)? ?regards|kindest regards|cheers|sincerely|yours(?: sincerely| truly| faithfully)?|respectfully|take care|many thanks|thanks|thank you|thx',
    '(?:mit )?(?:freundliche[nr]?|beste[nr]?|viele[nr]?|liebe[nr]?|herzliche[nr]?|schöne[nr]?) gr(?:ü|ue)(?:ß|ss)e?n?|mfg|lg|vg|gru(?:ß|ss)|hochachtungsvoll',
    'cordialement|bien cordialement|bien à vous|sincères salutations|salutations|amicalement|merci',
    'saludos(?: cordiales)?|un saludo|atentamente|cordialmente|gracias|cordiali saluti|distinti saluti|saluti|grazie',
    'atenciosamente|cumprimentos|com os melhores cumprimentos|abraços|obrigad[oa]|met vriendelijke groet(?:en)?|(?:vriendelijke|hartelijke)? ?groet(?:en|jes)?|mvg',
    '(?:med )?vänlig(?:a)? hälsning(?:ar)?|hälsningar|mvh|(?:med )?venlig hilsen|vennlig hilsen|hilsen|ystävällisin terveisin|terveisin',
    'z poważaniem|pozdrawiam|s pozdravem|üdvözlettel|saygılarımla|с уважением|с наилучшими пожеланиями|З повагою',
    'よろしくお願い(?:いた)?します|敬具|此致|祝好|谢谢|謝謝|감사합니다',
  ].join('|')})(?: again| a lot| so much| in advance| everyone| all| team)?\s*[,.!;\s…-]{0,5}$`,
  'iu',
);
const CLOSING_MAX_CHARS = 60;
/** Name, role, company, address, phone, links. */
const CLOSED_MAX_LINES = 12;
const CLOSED_LINE_MAX_CHARS = 120;
const SENTENCE_MIN_WORDS = 8;
const POSTSCRIPT = /^\s*p\.? ?s\.?\b/iu;

/** Lines that say something, with their index in the text. */
export interface Said {
  index: number;
  line: Line;
}

/**
 * Where the signature begins in a stretch of a person's own lines.
 * @param said  the stretch, without blank lines.
 * @returns a position in `said`, its length when there is no signature.
 */
export function signatureIn(said: readonly Said[]): number {
  const signed = said.findIndex(({ line }) => line.signed);
  if (signed !== -1) return signed;
  const delimited = said.findIndex(
    ({ line }, at) =>
      STRICT_DELIMITER.test(line.head) || (DELIMITER.test(line.head) && said.length - at - 1 <= SIGNATURE_MAX_LINES),
  );
  if (delimited !== -1) return delimited;
  const first = Math.max(0, said.length - CLOSED_MAX_LINES - 1);
  for (let at = first; at < said.length; at += 1) {
    const head = said[at]?.line.head ?? '';
    if (DEVICE.test(head) || isClosing(head, said.slice(at + 1))) return at;
  }
  return said.length;
}

function isClosing(head: string, rest: readonly Said[]): boolean {
  if (head.length > CLOSING_MAX_CHARS || rest.length === 0 || !CLOSING.test(head)) return false;
  return rest.every(({ line }) => !isProse(line.head) && !POSTSCRIPT.test(line.head));
}

const isProse = (head: string): boolean =>
  head.length > CLOSED_LINE_MAX_CHARS ||
  (/[.?!…]\s*$/.test(head) && head.trim().split(/\s+/).length >= SENTENCE_MIN_WORDS);
