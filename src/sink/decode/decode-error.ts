// What a receiver says of a body that it cannot take. An answer to the client, never a failure of the sink.

/** The receiver's own words and the HTTP status it answers with; `grpcCode` is the google.rpc.Status code that OTLP adds. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly statusCode: number;
  readonly grpcCode: number;

  constructor(message: string, statusCode = 400, grpcCode = 3) {
    super(message);
    this.statusCode = statusCode;
    this.grpcCode = grpcCode;
  }
}

/** Levels of arrays and key-value lists in one OTLP value. The collector stops later; what is deeper is no log, and here a stack. */
const nestingLimit = 1000;

export function checkNesting(depth: number): void {
  if (depth > nestingLimit) throw new DecodeError('exceeded max depth');
}
