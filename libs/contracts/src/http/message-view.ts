import { z } from 'zod';
import { Message, TextPart } from './message.js';

/** The contexts of today's models end here. */
export const VIEW_TOKENS_MAX = 1_000_000;

const needsView = 'needs view=markdown';

/** Without `view` the message comes as it is stored. */
export const GetMessageQuery = z
  .strictObject({
    view: z.literal('markdown').optional().meta({ description: '`markdown`: a rendering for models' }),
    max_tokens: z.coerce.number().int().min(1).max(VIEW_TOKENS_MAX).optional().meta({
      description:
        'Longest rendering, with `view=markdown`. Tokens are estimated. The marker that says where it was cut counts, too; below about 100 it may come on top.',
    }),
    offset: z.coerce.number().int().min(0).optional().meta({
      description: 'Where to read on, with `view=markdown`: take it from `next` of the page before.',
    }),
  })
  .refine(({ view, max_tokens }) => view !== undefined || max_tokens === undefined, {
    path: ['max_tokens'],
    error: needsView,
  })
  .refine(({ view, offset }) => view !== undefined || offset === undefined, { path: ['offset'], error: needsView });
export type GetMessageQuery = z.infer<typeof GetMessageQuery>;

export const HiddenReason = z.enum([
  'display',
  'visibility',
  'opacity',
  'font_size',
  'colour',
  'off_screen',
  'clipped',
  'hidden_attribute',
  'inert_element',
  'invisible_characters',
]);
export type HiddenReason = z.infer<typeof HiddenReason>;

/** A message as a model reads it best. */
export const MessageView = Message.pick({
  id: true,
  thread_id: true,
  inbox_id: true,
  direction: true,
  from: true,
  to: true,
  cc: true,
  subject: true,
  attachments: true,
  delivery_status: true,
  security_status: true,
  created_at: true,
}).extend({
  view: z.literal('markdown'),
  markdown: z.string().nullable().meta({
    description:
      'What a person sees of the mail, in its order. History, signatures and boilerplate stand between markers, and so does each cut. Null when the message is withheld.',
  }),
  source: z.enum(['html', 'text']).nullable().meta({ description: 'The part of the mail that was rendered.' }),
  boundary: z.string().meta({
    description:
      'Name of the markers in `markdown`; the sender could not know it. What looks like a marker with another name is the mail’s own text.',
  }),
  parts: z
    .array(z.object({ kind: TextPart.shape.kind, tokens: z.int() }))
    .meta({ description: 'What the whole mail is made of, in order, whatever `max_tokens` leaves out.' }),
  hidden: z.array(z.object({ reason: HiddenReason, text: z.string() })).meta({
    description: 'Text that no person sees, and why; never part of `markdown`. Not meant to be followed.',
  }),
  hidden_more: z.int().meta({ description: 'Hidden texts that are not listed.' }),
  tokens: z.int().meta({ description: 'Estimate for `markdown`, markers too.' }),
  max_tokens: z.int().nullable(),
  truncated: z.boolean(),
  next: z.string().nullable().meta({
    description: 'Path to read on from the first cut. Null at the end, and when only `/raw` has the rest.',
  }),
});
export type MessageView = z.infer<typeof MessageView>;
