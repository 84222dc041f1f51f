import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { SnsPost } from './envelope.js';

/** How one attempt ended: any answer below 500 is the endpoint's last word, all else is tried again. */
export type PostResult =
  { readonly settled: true; readonly status: number } | { readonly settled: false; readonly reason: string };

/** Sends posts to one endpoint over kept-alive connections. */
export interface Poster {
  send(post: SnsPost): Promise<PostResult>;
  close(): void;
}

// SNS developer guide, "Amazon SNS message delivery retries": an endpoint has 15 s to answer.
const ANSWER_TIMEOUT_MS = 15_000;

/** @param maxConnections  more calls than this wait for a connection. */
export const createPoster = (endpoint: string, maxConnections: number): Poster => {
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections };
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);

  const attempt = (post: SnsPost, mayRepeat: boolean): Promise<PostResult> =>
    new Promise((resolve) => {
      const options = { method: 'POST', agent, headers: post.headers };
      const onAnswer = (response: IncomingMessage): void => {
        const status = response.statusCode ?? 0;
        response.resume();
        const answered = (): void => {
          clearTimeout(timer);
          resolve(status < 500 ? { settled: true, status } : { settled: false, reason: `status ${status}` });
        };
        response.once('end', answered).once('error', answered);
      };
      const request = secure ? httpsRequest(url, options, onAnswer) : httpRequest(url, options, onAnswer);
      const timer = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_TIMEOUT_MS);
      request.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        // A kept connection that the endpoint closed meanwhile says nothing about the endpoint: use a new one at once.
        if (mayRepeat && request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
          resolve(attempt(post, false));
        } else {
          resolve({ settled: false, reason: error.code ?? error.message });
        }
      });
      request.end(post.body);
    });

  return { send: (post) => attempt(post, true), close: () => agent.destroy() };
};
