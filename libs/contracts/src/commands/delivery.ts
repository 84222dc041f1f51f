import { z } from 'zod';
import { defineCommand } from '../command.js';
import { pageOf } from '../http/page.js';
import { CreateSuppressionBody, ListSuppressionsQuery, Suppression } from '../http/suppression.js';

export const ListSuppressions = defineCommand('delivery.list_suppressions', ListSuppressionsQuery, pageOf(Suppression));
export const CreateSuppression = defineCommand(
  'delivery.create_suppression',
  z.object({ address: z.string() }) satisfies z.ZodType<z.output<typeof CreateSuppressionBody>>,
  Suppression,
);
export const DeleteSuppression = defineCommand(
  'delivery.delete_suppression',
  z.object({ id: z.string() }),
  z.object({}),
);
