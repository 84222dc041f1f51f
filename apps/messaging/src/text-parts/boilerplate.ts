import type { Line } from './lines.js';

/**
 * Words of legal notices, by what they speak of: the mail itself, its secrecy, whom it is meant for, and what others shall do.
 * A notice speaks of all four; a person who writes "please keep this confidential" does not.
 */
const NOTICE: readonly RegExp[] = [
  /e-?mail|message|communication|transmission|nachricht|courriel|mensaje|correo|messaggio|mensagem|bericht|wiadomo|сообщени|письм|邮件|郵件|メール/iu,
  /confidential|privileged|proprietary|vertraulich|confidentiel|confidencial|riservat|confidenzial|vertrouwelijk|poufn|důvěrn|конфиденциальн|fortrolig|konfidentiell|luottamuksell|机密|保密|機密/iu,
  /intended|addressee|addressed to|named (?:above|recipient)|solely for|sole use|empfänger|adressat|bestimmt|destinataire|destinatari|destinatário|geadresseerde|bestemd|odbiorc|adresat|příjemc|получател|адресат|收件人|受信者/iu,
  /delete|destroy|disclos|dissemin|distribut|notify|in error|unauthori[sz]ed|prohibited|lösch|vernicht|irrtümlich|unzulässig|untersagt|supprim|détrui|par erreur|interdit|elimin|por error|prohibid|cancell|per errore|vietat|apag|por engano|proibid|verwijder|vergissing|usuń|usunię|omyłk|smaž|удал|запрещ|删除|刪除|削除/iu,
];

/** Sentences that only systems write. */
const STOCK =
  /\b(?:consider the environment before printing|think before (?:you )?print|virus-free\. ?www|this (?:e-?mail message|e-?mail|message) (?:has been|was) (?:scanned|checked) (?:for viruses|by)|you (?:have )?received this (?:message|e-?mail) because|to unsubscribe from this (?:group|list)|this (?:e-?mail|message) originated (?:from )?outside|do not click (?:on )?(?:any )?links or open attachments unless you)\b|denken sie an die umwelt|bitte prüfen sie.{0,40}ausdrucken|diese nachricht wurde auf viren|pensez à l.environnement avant d.imprimer|antes de imprimir/iu;
/** Under such a rule list software (Mailman) puts the name and address of the list. */
const LIST_RULE = /^\s*_{20,}\s*$/;
const LIST_NAME = /mailing list|mailinglist|list(?:info|s)?\b.{0,40}@|\/listinfo\//iu;

const PARAGRAPH_MAX_CHARS = 4_000;

/** Whether a paragraph is a legal notice or a stock sentence. */
export function isBoilerplate(paragraph: readonly Line[]): boolean {
  const text = textOf(paragraph);
  if (STOCK.test(text)) return true;
  return NOTICE.every((words) => words.test(text)) || isListFooter(paragraph);
}

function isListFooter(paragraph: readonly Line[]): boolean {
  const [first, ...rest] = paragraph;
  return first !== undefined && LIST_RULE.test(first.head) && LIST_NAME.test(textOf(rest));
}

function textOf(paragraph: readonly Line[]): string {
  let text = '';
  for (const line of paragraph) {
    text += `${line.head} `;
    if (text.length > PARAGRAPH_MAX_CHARS) break;
  }
  return text;
}
