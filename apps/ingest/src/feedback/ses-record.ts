import { z } from 'zod';

// SES adds fields and types at any time, and leaves out what it does not know: nothing here fails on an unknown or a
// missing field, only on a known one that cannot be used.
const text = z.string().nullish().catch(null);
const list = <S extends z.ZodType>(of: S) => z.array(of).catch([]);

const Mail = z.object({
  messageId: z.string().min(1),
  timestamp: text,
  source: text,
  destination: list(z.string()),
  tags: z.record(z.string(), list(z.string())).nullish().catch(null),
});

const named = z.object({ emailAddress: z.string(), status: text, diagnosticCode: text });

/** The parts of SES's feedback that we use, from event publishing (`eventType`) and identity feedback (`notificationType`). */
export const SesFeedbackRecord = z.object({
  mail: Mail,
  bounce: z
    .object({ bounceType: text, bounceSubType: text, bouncedRecipients: list(named), timestamp: text })
    .optional(),
  complaint: z
    .object({
      complaintFeedbackType: text,
      complaintSubType: text,
      complainedRecipients: list(named),
      timestamp: text,
    })
    .optional(),
  delivery: z.object({ recipients: list(z.string()), smtpResponse: text, timestamp: text }).optional(),
  deliveryDelay: z.object({ delayType: text, delayedRecipients: list(named), timestamp: text }).optional(),
  reject: z.object({ reason: text }).optional(),
});
export type SesFeedbackRecord = z.infer<typeof SesFeedbackRecord>;

const verdict = z.object({ status: z.string() }).nullish().catch(null);

/** A mail that SES received; `content` comes with the SNS action only. */
export const SesReceivedRecord = z.object({
  mail: z.object({ messageId: z.string().min(1), source: text }),
  receipt: z.object({
    /** The envelope recipients that matched the rule; `mail.destination` is only what To and Cc say. */
    recipients: z.array(z.string()),
    spamVerdict: verdict,
    virusVerdict: verdict,
    spfVerdict: verdict,
    dkimVerdict: verdict,
    dmarcVerdict: verdict,
    action: z.object({ type: z.string(), encoding: text, bucketName: text, objectKey: text }),
  }),
  content: z.string().optional(),
});
export type SesReceivedRecord = z.infer<typeof SesReceivedRecord>;
