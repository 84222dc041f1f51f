import { DraftFields, type UpdateDraftBody } from '@postern/contracts';
import { fromZod } from '@postern/platform';

/**
 * What a draft says after a change: absent leaves, null clears.
 * @throws AppError `validation_error` for what is wrong only together, such as too many recipients.
 */
export function changedFields(before: DraftFields, { attachments: _apart, ...changes }: UpdateDraftBody): DraftFields {
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  const read = DraftFields.safeParse(Object.fromEntries(merged));
  if (!read.success) throw fromZod(read.error);
  return read.data;
}
