import { AwsQueryProtocol, QueryShapeSerializer } from '@aws-sdk/core/protocols';

/** Far below what a pattern of V8 needs its backtrack stack for (64 MiB), far above what makes pieces cost something. */
const PIECE_CHARS = 64 * 1024;

/**
 * Percent-encodes long values piece by piece.
 *
 * The SDK tests a value as a whole against `/^[\w.~-]+$/`. V8 stops optimising patterns in a process that has compiled many,
 * and the plain form of this one overflows its stack on 10 MB of Base64 without `+` and `/`, as mail with attachments is.
 */
class PiecewiseSerializer extends QueryShapeSerializer {
  protected override writeValue(value: string): void {
    for (let from = 0, to; from < value.length; from = to) {
      to = from + PIECE_CHARS;
      // A pair of surrogates is one character, and half of it cannot be encoded.
      if (isHighSurrogate(value.charCodeAt(to - 1))) to -= 1;
      super.writeValue(value.slice(from, to));
    }
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/**
 * The Query protocol of SES for long messages of many tenants. The SDK's serializer keeps what it had written when it fails, and the
 * next call of the client would begin with it; here each failure ends with the call that failed.
 */
export class PiecewiseQueryProtocol extends AwsQueryProtocol {
  protected override serializer = new PiecewiseSerializer(this.serializer.settings);

  override async serializeRequest(
    ...[operation, input, context]: Parameters<AwsQueryProtocol['serializeRequest']>
  ): ReturnType<AwsQueryProtocol['serializeRequest']> {
    try {
      return await super.serializeRequest(operation, input, context);
    } catch (error) {
      this.serializer = new PiecewiseSerializer(this.serializer.settings);
      this.serializer.setSerdeContext(context);
      throw error;
    }
  }
}
