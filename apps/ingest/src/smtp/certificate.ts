import { readFile } from 'node:fs/promises';
import { generate } from 'selfsigned';
import type { IngestConfig } from '../ingest.settings.js';

/** What STARTTLS shows: both in PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const DAY_MS = 24 * 3600 * 1000;
/** It lives as long as the process that made it. */
const LOCAL_VALID_DAYS = 365;

/**
 * The operator's certificate; on a developer's machine one made for this process.
 * @returns null when STARTTLS is not to be offered: nobody gave a certificate.
 * @throws when a file cannot be read.
 */
export async function readCertificate(config: IngestConfig): Promise<Certificate | null> {
  const { SMTP_TLS_KEY_FILE: keyFile, SMTP_TLS_CERT_FILE: certFile } = config;
  if (keyFile !== undefined && certFile !== undefined) {
    const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
    return { key, cert };
  }
  return config.POSTERN_ENV === 'local' ? selfSigned(config.POSTERN_DOMAIN) : null;
}

async function selfSigned(name: string): Promise<Certificate> {
  const notBeforeDate = new Date(Date.now() - DAY_MS);
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate: new Date(notBeforeDate.getTime() + LOCAL_VALID_DAYS * DAY_MS),
  });
  return { key: made.private, cert: made.cert };
}
