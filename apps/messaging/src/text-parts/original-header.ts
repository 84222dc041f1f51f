import { nextSaid, type Line } from './lines.js';

/** Field names of the block that Outlook and others put above the mail they answer, by what they name. */
const FIELDS: Readonly<Record<'from' | 'date' | 'to' | 'subject', string>> = {
  from: 'from|von|de|da|van|od|от|från|fra|lähettäjä|kimden|feladó|gönderen|发件人|寄件者|寄件人|差出人|보낸 사람|مِن|من|מאת|από|expéditeur',
  date: 'sent|date|gesendet|datum|envoyé|date d’envoi|enviado(?: el| em)?|fecha|data|inviato|verzonden|wysłano|отправлено|дата|skickat|sendt|lähetetty|tarih|gönderildi|elküldve|dátum|odesláno|发送时间|日期|寄件日期|送信日時|日時|보낸 날짜|날짜|تاريخ|תאריך|נשלח|ημερομηνία|στάλθηκε',
  to: 'to|an|à|a|para|naar|aan|do|кому|till|til|vastaanottaja|kime|címzett|komu|收件人|收件者|宛先|받는 사람|إلى|אל|προς|cc|kopie|copie|copia|kopia|копия|抄送|副本|참조|destinataire',
  subject:
    'subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|тема|ämne|emne|aihe|konu|tárgy|předmět|主题|主題|主旨|件名|제목|الموضوع|נושא|θέμα',
};

export type Field = keyof typeof FIELDS;

const NAMES = (Object.entries(FIELDS) as [Field, string][]).map(
  ([field, names]) => [field, new RegExp(String.raw`^\s{0,3}[*_]{0,3}(?:${names})\s?[*_]{0,3}\s?[:：]`, 'iu')] as const,
);

/** A field may go on over some lines (a long list of recipients), and HTML puts blank lines between fields. */
const LINES_MAX = 14;

/** What each line names; null for lines that are no header field. Asked once, because blocks overlap. */
export const fieldsOf = (lines: readonly Line[]): (Field | null)[] => lines.map(fieldOf);

function fieldOf({ blank, head }: Line): Field | null {
  if (blank || !/[:：]/.test(head)) return null;
  return NAMES.find(([, name]) => name.test(head))?.[0] ?? null;
}

/**
 * Whether a block of header fields begins in this line: From, Subject, and Date or To, in any order. Forms that have "From"
 * and "To" in them (of a journey) have no subject.
 * @returns the index behind its last field, or null.
 */
export function originalHeaderFrom(
  lines: readonly Line[],
  fields: readonly (Field | null)[],
  start: number,
): number | null {
  if ((fields[start] ?? null) === null) return null;
  const seen = new Set<Field>();
  let end = start;
  for (let at = start; at < Math.min(lines.length, start + LINES_MAX); at += 1) {
    const field = fields[at] ?? null;
    if (field !== null) {
      seen.add(field);
      end = at + 1;
    } else if (lines[at]?.blank === true && (fields[nextSaid(lines, at)] ?? null) === null) {
      break;
    }
  }
  return seen.has('from') && seen.has('subject') && seen.size >= 3 ? end : null;
}

/** What is written between dashes above an original or forwarded mail. */
const RULED = new RegExp(
  String.raw`^\s*[-_=*~]{2,}\s*[*_]{0,2}(?:${[
    'original message|forwarded message|forwarded by|reply message|original appointment',
    'ursprüngliche nachricht|original-?nachricht|weitergeleitete nachricht|ursprünglicher termin',
    'message d.origine|message transféré|message original|mensaje original|mensaje reenviado|mensagem original',
    'mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht',
    'originalmeddelande|ursprungligt meddelande|vidarebefordrat meddelande|oprindelig meddelelse|original melding|videresendt (?:besked|melding)',
    'alkuperäinen viesti|wiadomość oryginalna|wiadomość przekazana|původní zpráva|přeposlaná zpráva|eredeti üzenet',
    'mesaj original|orijinal mesaj|исходное сообщение|пересылаемое сообщение|переадресованное сообщение',
    '原始邮件|邮件原件|转发的邮件|转发邮件信息|原始郵件|轉寄郵件|元のメッセージ|転送されたメッセージ|원본 메일|전달된 메시지',
  ].join('|')})`,
  'iu',
);
/** Apple Mail writes these without dashes. */
const FORWARDED =
  /^\s*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:reencaminhada|encaminhada)|begin doorgestuurd bericht|vidarebefordrat brev|начало переадресованного сообщения)\s*[:：]\s*$/iu;

/** A line that says "what follows is another mail". */
export const announcesOriginal = (line: Line): boolean => RULED.test(line.head) || FORWARDED.test(line.head);

/** The rule that Outlook draws above the header block, in its text or from its HTML. */
export const isRule = (line: Line): boolean => /^\s*(?:_{10,}|-{3}|-{10,})\s*$/.test(line.head);
