import { z } from 'zod';

const Texts = z.array(z.string());

/** `["a","b"]`, as the client writes a list into a query; null for any other text. */
function jsonList(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    return Texts.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Several texts in a query: the parameter again and again, or once with a list in JSON. */
export const QueryList = z
  .union([z.string().transform((text) => jsonList(text) ?? [text]), Texts])
  .optional()
  .transform((given) => given ?? []);
