import { LABELS_MAX } from '@postern/contracts';
import { validationError } from '@postern/platform';

/** @throws AppError `validation_error` for more labels than one thing can have. */
export function mustBeFew(labels: readonly string[]): void {
  if (labels.length <= LABELS_MAX) return;
  throw validationError([
    { path: 'add_labels', message: `must leave at most ${LABELS_MAX} labels; there would be ${labels.length}` },
  ]);
}
