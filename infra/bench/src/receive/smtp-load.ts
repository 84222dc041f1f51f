import { createTransport } from 'nodemailer';

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

const TEXT = 'Thank you, the parcel has arrived and everything is as it should be. We shall order again.\n'.repeat(3);

/** Sends mail by SMTP on several connections, each as fast as it is answered with 250, for a time. */
export async function smtpLoad(
  server: { readonly host: string; readonly port: number },
  to: string,
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
  let number = 0;
  let refused = 0;
  const from = performance.now();
  const end = from + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      number += 1;
      const mail = { subject: `Parcel ${number} has arrived`, from: Date.now() };
      try {
        await transport.sendMail({ from: 'Ann <ann@example.com>', to, subject: mail.subject, text: TEXT });
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
