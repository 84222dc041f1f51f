import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { Suppression } from '../../http/suppression.js';
import { KeyId } from '../../ids.js';

const data = z.object({
  suppression: Suppression,
  /** The key that asked for it; absent when feedback did. */
  actor: KeyId.nullable().optional(),
});

export const SuppressionAddedV1 = defineEvent(
  'delivery.suppression.added.v1',
  'delivery',
  'An address was put on the suppression list.',
  data,
);
export const SuppressionRemovedV1 = defineEvent(
  'delivery.suppression.removed.v1',
  'delivery',
  'An address was taken off the suppression list.',
  data,
);
