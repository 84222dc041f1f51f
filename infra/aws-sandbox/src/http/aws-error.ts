/** A refusal as AWS words it; the SDK shows `code` as the error's name. */
export class AwsError extends Error {
  /** @param status  HTTP status: 4xx blames the caller ("Sender"), 5xx the service ("Receiver"). */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}
