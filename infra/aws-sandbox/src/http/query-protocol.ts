import type { ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.js';
import { reply } from './reply.js';
import { element } from './xml.js';
import type { XmlFields } from './xml.js';

/** The form fields of one call of the AWS query protocol. */
export interface QueryParams {
  /** @returns the value, or undefined when the field is absent or empty: the protocol does not tell these apart. */
  get(name: string): string | undefined;
  /** @throws AwsError `ValidationError` when the field is absent. */
  need(name: string): string;
  /** `Name.member.1`, `Name.member.2`, … in order; empty when there are none. */
  list(name: string): string[];
  /** Parameters of each structure `Name.member.N.*` (or `Name.entry.N.*`), in order. */
  structures(name: string, item?: 'member' | 'entry'): QueryParams[];
}

/** One operation: takes the form fields, answers the fields of its `…Result` element, if it has one. */
export type QueryAction = (params: QueryParams) => Promise<XmlFields | void> | XmlFields | void;

const paramsOf = (fields: ReadonlyMap<string, string>, prefix: string): QueryParams => {
  const get = (name: string): string | undefined => fields.get(prefix + name) || undefined;
  return {
    get,
    need: (name) => {
      const value = get(name);
      if (value === undefined) throw new AwsError('ValidationError', `Value for ${prefix}${name} must not be empty.`);
      return value;
    },
    list: (name) => {
      const values: string[] = [];
      for (let n = 1; fields.has(`${prefix}${name}.member.${n}`); n++) {
        values.push(fields.get(`${prefix}${name}.member.${n}`) ?? '');
      }
      return values;
    },
    structures: (name, item = 'member') => {
      const names = [...fields.keys()];
      const structures: QueryParams[] = [];
      for (let n = 1; ; n++) {
        const structurePrefix = `${prefix}${name}.${item}.${n}.`;
        if (!names.some((field) => field.startsWith(structurePrefix))) return structures;
        structures.push(paramsOf(fields, structurePrefix));
      }
    },
  };
};

/** Reads form fields; the first of a repeated field counts. */
export const parseQuery = (form: string): QueryParams => {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) if (!fields.has(name)) fields.set(name, value);
  return paramsOf(fields, '');
};

// AWS Signature Version 4, "Authorization header": credential is KEY/DATE/REGION/SERVICE/aws4_request.
const AUTHORIZATION = /^AWS4-HMAC-SHA256\s+Credential=[^/\s]+\/\d{8}\/[\w-]+\/[\w-]+\/aws4_request\b.*Signature=/;

/**
 * Asks for a signed call. The signature is not recomputed: any credentials are good here.
 * @throws AwsError `MissingAuthenticationToken` (403) without the header, `IncompleteSignature` (400) for another form.
 */
export const requireCredential = (authorization: string | undefined): void => {
  if (!authorization) {
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  if (!AUTHORIZATION.test(authorization)) {
    throw new AwsError('IncompleteSignature', 'The request signature does not conform to AWS standards.');
  }
};

export const replyResult = (
  response: ServerResponse,
  namespace: string,
  action: string,
  result: XmlFields | void,
): void => {
  const requestId = randomUUID();
  const inner =
    (result ? element(`${action}Result`, result) : '') + element('ResponseMetadata', { RequestId: requestId });
  const xml = `<${action}Response xmlns="${namespace}">${inner}</${action}Response>`;
  reply(response, 200, 'text/xml', xml, { 'x-amzn-requestid': requestId });
};

export const replyAwsError = (response: ServerResponse, namespace: string, error: AwsError): void => {
  const requestId = randomUUID();
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const inner =
    element('Error', { Type: type, Code: error.code, Message: error.message }) + element('RequestId', requestId);
  const xml = `<ErrorResponse xmlns="${namespace}">${inner}</ErrorResponse>`;
  reply(response, error.status, 'text/xml', xml, { 'x-amzn-requestid': requestId });
};
