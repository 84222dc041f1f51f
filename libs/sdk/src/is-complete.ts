import type { DeletedData, ShortenedData } from './generated/events.js';

/**
 * Whether an event has all of its data. It does not when its message was deleted meanwhile (`deleted`), or when it weighed
 * over 1 MiB and only names remain (`truncated`); then ask the API.
 */
export const isComplete = <D extends object>(data: D): data is Exclude<D, DeletedData | ShortenedData> =>
  'created_at' in data || !('deleted' in data || 'truncated' in data);
