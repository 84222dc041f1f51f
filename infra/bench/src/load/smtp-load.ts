import { createTransport, type SendMailOptions } from 'nodemailer';

export interface TakenMail {
  readonly subject: string;
  /** Milliseconds since 1970, when it was handed to a connection's queue. */
  readonly from: number;
}

export interface SmtpLoad {
  readonly seconds: number;
  readonly taken: readonly TakenMail[];
  readonly refused: number;
}

/** Of all loads of a run: the same mail twice would be one. */
let number = 0;

/**
 * Sends mail by SMTP on several connections, each as fast as it is answered with 250, for a time.
 * @param mailOf  the mail with this subject, without its sender and recipient.
 */
export async function smtpLoad(
  server: { readonly host: string; readonly port: number },
  to: string,
  mailOf: (subject: string) => SendMailOptions,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<SmtpLoad> {
  const transport = createTransport({
    ...server,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
    ignoreTLS: true,
  });
  const taken: TakenMail[] = [];
  let refused = 0;
  const from = performance.now();
  const end = from + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      number += 1;
      const mail = { subject: `Parcel ${number} has arrived`, from: Date.now() };
      try {
        await transport.sendMail({ envelope: { from: 'ann@example.com', to }, ...mailOf(mail.subject) });
        taken.push(mail);
      } catch {
        refused += 1;
      }
    }
  };
  try {
    await Promise.all([...Array(connections).keys()].map(client));
    return { seconds: (performance.now() - from) / 1000, taken, refused };
  } finally {
    transport.close();
  }
}
