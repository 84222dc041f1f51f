import { describe, expect, it } from '@jest/globals';
import { ListMessagesRoute, type RouteDefinition } from '@postern/contracts';
import type { FrontRequest } from '../front.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { labelOf } from './label.js';
import { labelRoutes } from './labels.js';

/** So many pages of one message each, as `/v1` lists those with the label. */
function mailbox(pages: number, change: (id: string) => void = () => {}): { v1: V1; changed: string[] } {
  const changed: string[] = [];
  const ask = async (route: RouteDefinition, input: { query?: { cursor?: string }; params?: { id: string } }) => {
    if (route !== ListMessagesRoute) {
      const id = input.params?.id ?? '';
      change(id);
      changed.push(id);
      return {};
    }
    const page = Number(input.query?.cursor ?? 0);
    const has_more = page + 1 < pages;
    return { data: [{ id: `msg_${page}` }], has_more, next_cursor: has_more ? String(page + 1) : null };
  };
  return { v1: { ask } as unknown as V1, changed };
}

function remove(v1: V1): Promise<unknown> {
  const route = labelRoutes.find(({ method }) => method === 'DELETE');
  if (route === undefined) throw new Error('labels cannot be deleted');
  return route.answer({ params: { id: labelOf('Sales').id } } as unknown as FrontRequest, v1);
}

describe('a label that is deleted', () => {
  it('is taken off every message', async () => {
    const { v1, changed } = mailbox(3);
    expect(await remove(v1)).toEqual({ status: 204 });
    expect(changed).toEqual(['msg_0', 'msg_1', 'msg_2']);
  });

  it('does not miss a message that was deleted meanwhile', async () => {
    const { v1, changed } = mailbox(2, (id) => {
      if (id === 'msg_0') throw new Problem(404, 'not_found', 'It is gone.');
    });
    expect(await remove(v1)).toEqual({ status: 204 });
    expect(changed).toEqual(['msg_1']);
  });

  it('stays when it may not be taken off', async () => {
    const refused = new Problem(403, 'forbidden', 'No.');
    const { v1 } = mailbox(1, () => {
      throw refused;
    });
    await expect(remove(v1)).rejects.toBe(refused);
  });

  it('is asked for again when more messages had it than one call looks at', async () => {
    const { v1, changed } = mailbox(11);
    await expect(remove(v1)).rejects.toMatchObject({ status: 409, code: 'label_in_use' });
    expect(changed).toHaveLength(10);
  });
});
