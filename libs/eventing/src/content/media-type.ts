import { fileTypeFromBuffer } from 'file-type';

/** So many octets from the beginning tell what can be told: file-type's `reasonableDetectionSizeInBytes`. */
export const MEDIA_TYPE_HEAD_BYTES = 4_100;

/**
 * What content looks like by its first octets, whatever anybody declared.
 * @param head  the first {@link MEDIA_TYPE_HEAD_BYTES} of it; more is not looked at.
 * @returns null for text and for formats that leave no mark.
 */
export async function detectMediaType(head: Uint8Array): Promise<string | null> {
  try {
    const found = await fileTypeFromBuffer(head.subarray(0, MEDIA_TYPE_HEAD_BYTES));
    return found?.mime ?? null;
  } catch {
    // Broken on purpose or by accident: it is not known what it is.
    return null;
  }
}
