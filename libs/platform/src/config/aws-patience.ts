/** How long calls of AWS may take; each in milliseconds. */
export interface AwsPatience {
  connectMs: number;
  /** From the begin of a request, its body included, until the head of the answer. */
  answerMs: number;
  /** Without an octet in either direction, also while an answer is read. */
  idleMs: number;
}

/**
 * The `requestHandler` of an SDK client that gives up. By itself the SDK waits for ever: `requestTimeout` alone only warns, and
 * ends with the head of the answer.
 */
export const awsPatience = ({ connectMs, answerMs, idleMs }: AwsPatience) => ({
  connectionTimeout: connectMs,
  requestTimeout: answerMs,
  throwOnRequestTimeout: true,
  socketTimeout: idleMs,
});
