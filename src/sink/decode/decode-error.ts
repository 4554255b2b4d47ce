// What a receiver says of a body that it cannot take. An answer to the client, never a failure of the sink.

/**
 * The receiver's own words and the HTTP status it answers with; `grpcCode` is the google.rpc.Status code that OTLP adds. `ambiguous`
 * where the real receiver may as well have given another reason.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly statusCode: number;
  readonly grpcCode: number;
  readonly ambiguous: boolean;

  constructor(message: string, statusCode = 400, grpcCode = 3, ambiguous = false) {
    super(message);
    this.statusCode = statusCode;
    this.grpcCode = grpcCode;
    this.ambiguous = ambiguous;
  }
}
