/** api.md: a subject has at most 998 characters. */
const SUBJECT_MAX = 998;
// What mail programs of many languages put before a subject: "Re[2]:" of The Bat!, "AW:" German, "SV:" Nordic, "RIF:"
// Italian, "Odp:" Polish, "Antw:" Dutch, "YNT:" Turkish, "ATB:" Welsh, "回复:" Chinese; full-width colons too.
const REPLY = /^(?:(?:re|aw|sv|rif|odp|antw|ynt|atb|回复|答复)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*)+/iu;
// "Fw:" Outlook, "WG:" German, "TR:" French, "RV:" Spanish, "VS:" Nordic, "PD:" Polish, "Doorst:" Dutch, "转发:" Chinese.
const FORWARD = /^(?:(?:fwd?|wg|tr|rv|vs|pd|doorst|转发)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*)+/iu;
const CONTROLS = /\p{Cc}+/gu;

/** The subject of a reply: one "Re: ", whatever stood there before. */
export const replySubject = (subject: string | null): string => prefixed('Re: ', REPLY, subject);

/** The subject of a forwarded message: one "Fwd: ", whatever stood there before. */
export const forwardSubject = (subject: string | null): string => prefixed('Fwd: ', FORWARD, subject);

function prefixed(prefix: string, former: RegExp, subject: string | null): string {
  const line = (subject ?? '').replace(CONTROLS, ' ').trim().replace(former, '');
  return `${prefix}${line}`.slice(0, SUBJECT_MAX).toWellFormed().trimEnd();
}
