/**
 * Text of octets whose character set nobody tells reliably: by its byte order mark, else UTF-8 if it is that throughout,
 * else Windows-1252, in which every octet is a character (the order of the Encoding Standard, §6, without guessing).
 * The octets may end in the middle of a character, which is left out.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
