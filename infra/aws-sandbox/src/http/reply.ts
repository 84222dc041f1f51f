import type { ServerResponse } from 'node:http';

/** Ends a response with one body; HEAD requests get the headers only. */
export const reply = (
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

export const replyJson = (response: ServerResponse, status: number, value: unknown): void =>
  reply(response, status, 'application/json', JSON.stringify(value));

/** The error shape of the sandbox's own routes, the same as that of the gateway. */
export const replyProblem = (response: ServerResponse, status: number, code: string, message: string): void =>
  replyJson(response, status, { error: { code, message, status } });
