export * from './errors.js';
export * from './generated/events.js';
export * from './is-complete.js';
export { type RawBody, verifySignature, type VerifyOptions, type WebhookHeaders } from './verify-signature.js';
export * from './verify-webhook.js';
