import { SendRawEmailCommand, type SESClient } from '@aws-sdk/client-ses';

/** Amazon SES developer guide, "Using the mailbox simulator": takes any mail, and hurts no reputation. */
const SIMULATOR = 'success@simulator.amazonses.com';

/**
 * Makes SES publish a Send event, by a mail to its own mailbox simulator. It belongs to no message, so it has no tags.
 * @param domain  the platform's own, from which SES lets it send.
 * @throws what SES or the way to it throws.
 */
export async function askForLife(
  ses: Pick<SESClient, 'send'>,
  domain: string,
  configurationSet: string,
): Promise<void> {
  const from = `no-reply@${domain}`;
  const lines = [
    `From: ${from}`,
    `To: ${SIMULATOR}`,
    'Subject: Sign of life',
    'Auto-Submitted: auto-generated',
    '',
    '',
  ];
  await ses.send(
    new SendRawEmailCommand({
      Source: from,
      Destinations: [SIMULATOR],
      RawMessage: { Data: Buffer.from(lines.join('\r\n')) },
      ConfigurationSetName: configurationSet,
    }),
  );
}
