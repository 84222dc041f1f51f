import type { IncomingMessage, ServerResponse } from 'node:http';
import { SES_NAMESPACE, SES_VERSION } from '../ses/actions.js';
import type { SendCall } from '../ses/send-call.js';
import { SNS_NAMESPACE, SNS_VERSION } from '../sns/actions.js';
import { AwsError } from './aws-error.js';
import { BodyTooLarge, readBody } from './body.js';
import { parseQuery, replyAwsError, replyResult, requireCredential } from './query-protocol.js';
import type { QueryAction, QueryParams } from './query-protocol.js';

type Actions = Record<string, QueryAction>;

// 10 MB of message are 14 MB of base64, and its + / = take three characters each in a form: room for all of it and more.
const MAX_FORM_BYTES = 48 * 1024 * 1024;

/** The only operations that SNS lets anyone call, because their addresses stand in notifications. */
const OPEN_ACTIONS = new Set(['ConfirmSubscription', 'Unsubscribe']);

const invalidAction = (action: string, version: string): AwsError =>
  new AwsError('InvalidAction', `Could not find operation ${action} for version ${version || 'NO_VERSION_SPECIFIED'}`);

const asAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error;
  if (error instanceof BodyTooLarge) return new AwsError('RequestEntityTooLarge', error.message, 413);
  return new AwsError('InternalFailure', error instanceof Error ? error.message : 'Unknown error', 500);
};

/** Answers calls of the query protocol: SES and SNS, told apart by their API version. */
export const createQueryRoute = (ses: Actions, sendRawEmail: SendCall, sns: Actions) => {
  const call = async (params: QueryParams, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = params.get('Action') ?? '';
    const version = params.get('Version') ?? '';
    requireCredential(request.headers.authorization);
    if (version === SES_VERSION && action === 'SendRawEmail') {
      const answer = await sendRawEmail(params);
      if (answer.kind === 'reset') return void request.socket.destroy();
      if (answer.kind === 'silence') return;
      return replyResult(response, SES_NAMESPACE, action, { MessageId: answer.messageId });
    }
    const [namespace, actions] = version === SES_VERSION ? [SES_NAMESPACE, ses] : [SNS_NAMESPACE, sns];
    const known = version === SES_VERSION || version === SNS_VERSION;
    const run = known && Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!run) throw invalidAction(action, version);
    replyResult(response, namespace, action, await run(params));
  };

  const fail = (response: ServerResponse, params: QueryParams | undefined, error: unknown): void =>
    replyAwsError(response, params?.get('Version') === SNS_VERSION ? SNS_NAMESPACE : SES_NAMESPACE, asAwsError(error));

  return {
    /** `POST /` with a form. */
    async post(request: IncomingMessage, response: ServerResponse): Promise<void> {
      let params: QueryParams | undefined;
      try {
        params = parseQuery((await readBody(request, MAX_FORM_BYTES)).toString('latin1'));
        await call(params, request, response);
      } catch (error) {
        fail(response, params, error);
      }
    },

    /** `GET /?Action=…`: the addresses that notifications carry, open to all; anything else needs a credential. */
    async get(query: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const params = parseQuery(query);
      const action = params.get('Action') ?? '';
      try {
        const run = sns[action];
        if (!OPEN_ACTIONS.has(action) || !run) return await call(params, request, response);
        replyResult(response, SNS_NAMESPACE, action, await run(params));
      } catch (error) {
        fail(response, params, error);
      }
    },
  };
};

export type QueryRoute = ReturnType<typeof createQueryRoute>;
