import { crc32, deflateRawSync } from 'node:zlib';

/** What may be wrong with an archive. */
export interface ZipOptions {
  /** Marks the entries as encrypted, which they are not. */
  encrypted?: boolean;
  /** What headers say of the inflated size, whatever it is. */
  claimedSize?: number;
}

const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

/** A ZIP archive (APPNOTE 4.3) of entries by name. */
export function zipOf(entries: Readonly<Record<string, string | Uint8Array>>, options: ZipOptions = {}): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const bytes = Buffer.from(content);
    const deflated = deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(options.encrypted === true ? ENCRYPTED_FLAG : 0, 2);
    about.writeUInt16LE(DEFLATED, 4);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(deflated.byteLength, 14);
    about.writeUInt32LE(options.claimedSize ?? bytes.byteLength, 18);
    about.writeUInt16LE(nameBytes.byteLength, 22);
    local.push(Buffer.from('PK\x03\x04'), about, nameBytes, deflated);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), about, rest, nameBytes);
    offset += 4 + about.byteLength + nameBytes.byteLength + deflated.byteLength;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(entries).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.byteLength, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}
