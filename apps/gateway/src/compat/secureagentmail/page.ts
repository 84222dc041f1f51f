import type { Page } from '@postern/contracts';
import type { FrontReply } from '../front.js';

/** Lists have the entries under the name of the resource, and the paging of `/v1`. */
export const pageReply = <T>(name: string, page: Page<T>, shown: (entry: T) => unknown): FrontReply => ({
  status: 200,
  body: { [name]: page.data.map(shown), has_more: page.has_more, next_cursor: page.next_cursor },
});
