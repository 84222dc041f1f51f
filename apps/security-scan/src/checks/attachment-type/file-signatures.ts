/** Kinds of file that their first bytes tell. */
export type FileKind =
  'executable' | 'shortcut' | 'zip' | 'ole' | 'pdf' | 'png' | 'jpeg' | 'gif' | 'webp' | 'archive' | 'rtf' | 'html';

interface Signature {
  kind: FileKind;
  at: number;
  bytes: readonly number[];
}

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

/** From the formats' own specifications. */
const SIGNATURES: readonly Signature[] = [
  { kind: 'executable', at: 0, bytes: ascii('MZ') }, // DOS and Windows (PE)
  { kind: 'executable', at: 0, bytes: [0x7f, ...ascii('ELF')] },
  { kind: 'executable', at: 0, bytes: [0xcf, 0xfa, 0xed, 0xfe] }, // Mach-O, 64 bit
  { kind: 'executable', at: 0, bytes: [0xce, 0xfa, 0xed, 0xfe] }, // Mach-O, 32 bit
  { kind: 'executable', at: 0, bytes: [0xca, 0xfe, 0xba, 0xbe] }, // Java class, Mach-O for several machines
  { kind: 'shortcut', at: 0, bytes: [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00] }, // Windows shell link
  { kind: 'zip', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'zip', at: 0, bytes: [0x50, 0x4b, 0x05, 0x06] },
  { kind: 'ole', at: 0, bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
  { kind: 'pdf', at: 0, bytes: ascii('%PDF-') },
  { kind: 'png', at: 0, bytes: [0x89, ...ascii('PNG')] },
  { kind: 'jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { kind: 'gif', at: 0, bytes: ascii('GIF8') },
  { kind: 'webp', at: 8, bytes: ascii('WEBP') },
  { kind: 'archive', at: 0, bytes: ascii('Rar!') },
  { kind: 'archive', at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] }, // 7z
  { kind: 'archive', at: 0, bytes: [0x1f, 0x8b] }, // gzip
  { kind: 'archive', at: 257, bytes: ascii('ustar') },
  { kind: 'rtf', at: 0, bytes: ascii('{\\rtf') },
];

/** The kind of file that the first bytes tell; null when they tell none. */
export function sniff(head: Uint8Array): FileKind | null {
  const signature = SIGNATURES.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte));
  if (signature !== undefined) return signature.kind;
  const start = Buffer.from(head.subarray(0, 512)).toString('latin1').trimStart().toLowerCase();
  return /^(<!doctype html|<html|<script|<body|<iframe)/.test(start) ? 'html' : null;
}
