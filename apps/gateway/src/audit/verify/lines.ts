const LINE_FEED = 0x0a;
/** Our own lines have a few hundred octets; a file without line ends must not fill the memory. */
const LINE_MAX_BYTES = 1024 * 1024;

/** A line that is no text, and so no entry. */
export class UnreadableLine extends Error {}

/**
 * The lines of a file, split at line feeds alone: other separators may stand inside JSON strings.
 * @param chunks  octets of UTF-8.
 * @throws UnreadableLine for octets that are not UTF-8, and for a line over 1 MiB.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (line: Buffer): string => {
    try {
      return decoder.decode(line);
    } catch {
      throw new UnreadableLine('it is not UTF-8 text');
    }
  };
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED)) {
      yield decode(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > LINE_MAX_BYTES) throw new UnreadableLine('it is longer than an entry can be');
  }
  if (rest.length > 0) yield decode(rest);
}
