import { CreateListEntryRoute, DeleteListEntryRoute, type ListEntry, ListListEntriesRoute } from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { Problem } from '../problem.js';
import { entryIdsOf, rulesOf } from './rules.js';

const OURS = { inbound: ['receive'], outbound: ['send'], both: ['receive', 'send'] } as const;

const CreateRule = z.strictObject({
  kind: z.enum(['allow', 'block']),
  /** Its examples leave it out where they mean both. */
  direction: z.enum(['inbound', 'outbound', 'both']).default('both'),
  pattern: z.string(),
});

const NOT_FOUND = 404;

const isAbsent = (thrown: unknown): boolean => thrown instanceof Problem && thrown.status === NOT_FOUND;

export const listRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/lists',
    async answer({ body }, v1) {
      const { direction, ...rule } = CreateRule.parse(body ?? {});
      const made: z.input<typeof ListEntry>[] = [];
      // An entry that is there already is the answer: whatever comes between the two, it may be asked for again.
      for (const ours of OURS[direction]) {
        made.push(await v1.ask(CreateListEntryRoute, { body: { ...rule, direction: ours }, idempotencyKey: null }));
      }
      return { status: 201, body: rulesOf(made)[0] };
    },
  },
  {
    method: 'GET',
    path: '/lists',
    async answer(_request, v1) {
      const { entries } = await everyEntry(v1, ListListEntriesRoute);
      return { status: 200, body: rulesOf(entries) };
    },
  },
  {
    method: 'DELETE',
    path: '/lists/{id}',
    async answer({ params }, v1) {
      const ids = entryIdsOf(params['id'] ?? '');
      const ends = await Promise.allSettled(ids.map((id) => v1.ask(DeleteListEntryRoute, { params: { id } })));
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      // Of two of which one was gone before, the other is gone now.
      const stands = refused.find((reason) => !isAbsent(reason) || refused.length === ids.length);
      if (stands !== undefined) throw stands;
      return { status: 204 };
    },
  },
];
