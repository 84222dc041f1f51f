/** What one webhook body may weigh; the frame around the data is far below the difference. */
export const BODY_MAX_BYTES = 1024 * 1024;
const DATA_MAX_BYTES = BODY_MAX_BYTES - 4 * 1024;

export interface EventData {
  json: string;
  sizeBytes: number;
}

const weigh = (data: Record<string, unknown>): EventData => {
  const json = JSON.stringify(data);
  return { json, sizeBytes: Buffer.byteLength(json) };
};

/**
 * The data of an event as it is kept and sent, at most 1 MiB with its frame. What is too large loses first its content, then
 * all but what names it; `truncated` says so, and the resource's `url` leads to the whole.
 */
export function eventData(data: Record<string, unknown>): EventData {
  const whole = weigh(data);
  if (whole.sizeBytes <= DATA_MAX_BYTES) return whole;
  const slim = weigh({ ...data, text: null, html: null, text_parts: [], truncated: true });
  if (slim.sizeBytes <= DATA_MAX_BYTES) return slim;
  const { id, url } = data;
  return weigh({ id, url, truncated: true });
}
