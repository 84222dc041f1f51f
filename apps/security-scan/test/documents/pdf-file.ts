import { constants, deflateSync } from 'node:zlib';

const line = (text: string): string => `BT /F1 12 Tf 72 700 Td (${text.replaceAll(/[()\\]/g, '\\$&')}) Tj ET`;

/** A PDF with a page for each text. */
export const pdfOf = (...pages: string[]): Buffer => pdfOfStreams(pages.map((text) => Buffer.from(line(text))));

/** A PDF whose pages have these content streams, deflated (ISO 32000-1 §7.5). */
export function pdfOfStreams(streams: readonly Uint8Array[]): Buffer {
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(
      `<< /Type /Pages /Count ${streams.length} /Kids [${streams.map((_, index) => `${4 + 2 * index} 0 R`).join(' ')}] >>`,
    ),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
  ];
  for (const [index, stream] of streams.entries()) {
    const deflated = deflateSync(stream, { level: constants.Z_BEST_SPEED });
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${deflated.byteLength} /Filter /FlateDecode >>\nstream\n`),
        deflated,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  return assembled(objects, '');
}

/** Says that it is encrypted, with a password that nobody has (ISO 32000-1 §7.6). */
export function encryptedPdf(): Buffer {
  const unknown = `<${'ab'.repeat(32)}>`;
  return assembled(
    [
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from('<< /Type /Pages /Count 0 /Kids [] >>'),
      Buffer.from(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O ${unknown} /U ${unknown} >>`),
    ],
    `/Encrypt 3 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]`,
  );
}

/** A PDF whose page holds arrays in arrays. */
export const nestedPdf = (depth: number): Buffer =>
  assembled(
    [
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from(`<< /Type /Pages /Count 1 /Kids ${'['.repeat(depth)} ${']'.repeat(depth)} >>`),
    ],
    '',
  );

/** A PDF with so many entries in one dictionary. */
export const pdfWithNames = (count: number): Buffer =>
  assembled(
    [
      Buffer.from(`<< /Type /Catalog /Pages 2 0 R ${Array.from({ length: count }, (_, n) => `/k${n} 0`).join(' ')} >>`),
      Buffer.from('<< /Type /Pages /Count 0 /Kids [] >>'),
    ],
    '',
  );

function assembled(objects: readonly Buffer[], trailer: string): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n')];
  let size = parts[0]?.byteLength ?? 0;
  const entries: string[] = [];
  for (const [index, object] of objects.entries()) {
    entries.push(`${String(size).padStart(10, '0')} 00000 n \n`);
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    size += part.byteLength;
  }
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${size}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
