import { z } from 'zod';

const METADATA_KEYS_MAX = 50;

/** The caller's own key-value pairs; strings only, so that they can be filtered and shown anywhere. */
export const Metadata = z
  .record(z.string().min(1).max(64), z.string().max(1000))
  .refine((value) => Object.keys(value).length <= METADATA_KEYS_MAX, {
    message: `must have at most ${METADATA_KEYS_MAX} keys`,
  });
export type Metadata = z.infer<typeof Metadata>;

/** Labels: short words chosen by the caller. */
export const Label = z.string().min(1).max(100);
/** How many labels a message or a thread can have. */
export const LABELS_MAX = 50;
export const Labels = z.array(Label).max(LABELS_MAX);

/** A change of labels that says of each label one thing only. */
export const addsOrRemoves = <
  T extends z.ZodType<{ add_labels?: string[] | undefined; remove_labels?: string[] | undefined }>,
>(
  body: T,
): T =>
  body.refine((value) => !value.add_labels?.some((label) => value.remove_labels?.includes(label)), {
    path: ['remove_labels'],
    message: 'must not name a label that add_labels names',
  });
