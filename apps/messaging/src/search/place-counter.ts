import type { BlockRow, ScopeKey, ScopeRow } from '../store/search-index.store.js';
import { blockOf } from './places.js';

/** Gives the messages of a batch their places, and notes which blocks that opens or fills. */
export class PlaceCounter {
  private readonly scopes: Map<string, ScopeRow>;
  private readonly blocks = new Map<string, BlockRow>();

  /** @param scopes  locked, as they are stored. */
  constructor(scopes: readonly ScopeRow[]) {
    this.scopes = new Map(scopes.map((scope) => [nameOf(scope), { ...scope }]));
  }

  /** @returns the ordinal of a message in a scope. Messages come in the order of their ids. */
  take(key: ScopeKey, messageId: string): number {
    const scope = this.scopes.get(nameOf(key));
    if (scope === undefined) throw new Error('a message is counted in a scope that is not locked');
    const ordinal = scope.next_ordinal;
    const block = blockOf(ordinal);
    const name = `${nameOf(key)}/${block}`;
    const known = this.blocks.get(name);
    // What was counted before is in earlier blocks, or else the block is stored already and keeps its floor.
    const opened = { ...key, block, first_id: messageId, floor_id: scope.last_id };
    this.blocks.set(name, known === undefined ? opened : { ...known, first_id: lower(known.first_id, messageId) });
    scope.next_ordinal += 1;
    if (messageId > scope.last_id) scope.last_id = messageId;
    return ordinal;
  }

  counted(): { scopes: ScopeRow[]; blocks: BlockRow[] } {
    return { scopes: [...this.scopes.values()], blocks: [...this.blocks.values()] };
  }
}

const nameOf = ({ organization_id, mode, scope_id }: ScopeKey): string => `${organization_id}/${mode}/${scope_id}`;
const lower = (one: string, other: string): string => (one < other ? one : other);
