import { inflateRawSync } from 'node:zlib';

/** What a ZIP archive says that it holds, nothing of it unpacked but archives in it. */
export interface ArchiveListing {
  /** Paths as they stand, those of archives in it behind their own and a `/`. */
  names: readonly string[];
  /** One entry at least is under a password. */
  encrypted: boolean;
  /** There is more than is listed: too many entries, archives in archives in archives, or larger ones. */
  cut: boolean;
}

/** APPNOTE.TXT 6.3.10 (PKWARE) §4.3.16, §4.3.12, §4.3.7: signatures and fixed lengths. */
const END_SIGNATURE = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const END_BYTES = 22;
const COMMENT_MAX_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED_FLAG = 1;
const STORED = 0;
const DEFLATED = 8;

const ENTRIES_MAX = 1_000;
const DEPTH_MAX = 2;
const NESTED_MAX = 3;
/** An archive in an archive that unpacks to more is not opened; the time to inflate this is some 20 ms. */
const NESTED_MAX_BYTES = 4 * 1024 * 1024;
const NESTED_NAME = /\.(?:zip|jar|apk|docx|xlsx|pptx|docm|xlsm|pptm)$/i;

interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  packedBytes: number;
  bytes: number;
  at: number;
}

/**
 * Lists a ZIP archive by its central directory. Pure, bounded by the number of entries, never throws: what is broken is
 * listed as far as it can be read.
 * @returns null when the octets hold no central directory.
 */
export function archiveListing(octets: Uint8Array, depth = 1): ArchiveListing | null {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const directory = entriesOf(buffer);
  if (directory === null) return null;
  const names = directory.entries.map(({ name }) => name);
  let encrypted = directory.entries.some((entry) => entry.encrypted);
  let cut = directory.cut;
  const archives = directory.entries.filter(({ name }) => NESTED_NAME.test(name));
  for (const [index, entry] of archives.entries()) {
    const inner = depth < DEPTH_MAX && index < NESTED_MAX ? contentOf(buffer, entry) : null;
    const listing = inner === null ? null : archiveListing(inner, depth + 1);
    cut ||= listing === null ? !entry.encrypted : listing.cut;
    encrypted ||= listing?.encrypted === true;
    names.push(...(listing?.names ?? []).map((name) => `${entry.name}/${name}`));
  }
  return { names, encrypted, cut };
}

function entriesOf(buffer: Buffer): { entries: Entry[]; cut: boolean } | null {
  const tail = Math.max(0, buffer.length - END_BYTES - COMMENT_MAX_BYTES);
  const end = buffer.subarray(tail).lastIndexOf(END_SIGNATURE) + tail;
  if (end < tail || end + END_BYTES > buffer.length) return null;
  const size = buffer.readUInt32LE(end + 12);
  // Octets in front of the archive, as of a program that unpacks itself, move everything by as much.
  const shift = end - size - buffer.readUInt32LE(end + 16);
  let at = end - size;
  const entries: Entry[] = [];
  while (at >= 0 && at + ENTRY_BYTES <= end && buffer.readUInt32LE(at) === ENTRY_SIGNATURE) {
    if (entries.length === ENTRIES_MAX) return { entries, cut: true };
    const nameBytes = buffer.readUInt16LE(at + 28);
    entries.push({
      name: buffer.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      encrypted: (buffer.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0,
      method: buffer.readUInt16LE(at + 10),
      packedBytes: buffer.readUInt32LE(at + 20),
      bytes: buffer.readUInt32LE(at + 24),
      at: buffer.readUInt32LE(at + 42) + shift,
    });
    at += ENTRY_BYTES + nameBytes + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return { entries, cut: false };
}

/** The octets of an entry; null when it is encrypted, too large, packed in another way, or broken. */
function contentOf(buffer: Buffer, { encrypted, method, packedBytes, bytes, at }: Entry): Uint8Array | null {
  if (encrypted || bytes > NESTED_MAX_BYTES || at < 0 || at + LOCAL_BYTES > buffer.length) return null;
  if (buffer.readUInt32LE(at) !== LOCAL_SIGNATURE) return null;
  const start = at + LOCAL_BYTES + buffer.readUInt16LE(at + 26) + buffer.readUInt16LE(at + 28);
  const packed = buffer.subarray(start, start + packedBytes);
  if (method === STORED) return packed;
  if (method !== DEFLATED) return null;
  try {
    return inflateRawSync(packed, { maxOutputLength: NESTED_MAX_BYTES });
  } catch {
    return null;
  }
}
