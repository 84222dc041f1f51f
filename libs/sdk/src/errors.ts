/** Why a webhook was not taken: stable, for logs and metrics. */
export type WebhookErrorCode =
  'missing_header' | 'timestamp_out_of_tolerance' | 'signature_mismatch' | 'invalid_payload' | 'invalid_secret';

/** All that this library throws about a webhook. Messages hold nothing secret and nothing of the payload. */
export abstract class WebhookError extends Error {
  abstract readonly code: WebhookErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The request lacks a header of Standard Webhooks, or has one twice: not a webhook of Postern. Answer 400. */
export class MissingHeaderError extends WebhookError {
  readonly code = 'missing_header';

  constructor(readonly header: string) {
    super(`The request needs the header ${header} once.`);
  }
}

/** Sent too long ago, or from the future: an old request that somebody plays again, or a wrong clock. Answer 400. */
export class TimestampError extends WebhookError {
  readonly code = 'timestamp_out_of_tolerance';

  constructor() {
    super('The webhook-timestamp is no time, or too far from now.');
  }
}

/** No signature fits any of the secrets: not from Postern, changed on its way, or the secret is another's. Answer 400. */
export class SignatureError extends WebhookError {
  readonly code = 'signature_mismatch';

  constructor() {
    super('No signature of the request fits the secret; pass the body as it came, unparsed.');
  }
}

/** Signed, but no event. */
export class PayloadError extends WebhookError {
  readonly code = 'invalid_payload';

  constructor(options?: ErrorOptions) {
    super('The payload is signed but no event.', options);
  }
}

/** The receiver's own fault: a secret that is none, or no secret at all. Answer 500, so that the call comes again. */
export class SecretError extends WebhookError {
  readonly code = 'invalid_secret';

  constructor() {
    super('A secret is whsec_ and base64, as Postern shows it when the webhook is created.');
  }
}
