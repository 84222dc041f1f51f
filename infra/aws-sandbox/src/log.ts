/** Writes one JSON line to stderr (stdout carries the ready line only). Never pass content or addresses. */
export const log = (event: string, fields: Record<string, string | number | boolean> = {}): void => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`);
};
