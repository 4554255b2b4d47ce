// A google.rpc.Status with a RetryInfo, in protobuf: what `grpc-status-details-bin` holds where a server says when to try again
// (googleapis, google/rpc/status.proto and error_details.proto).

/** RetryInfo as google.protobuf.Any names it. */
const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

export function statusWithRetryInfo(grpcCode: number, message: string, retryAfterS: number): Buffer {
  const duration = number(1, retryAfterS);
  const retryInfo = bytes(1, duration);
  const any = Buffer.concat([bytes(1, Buffer.from(retryInfoType)), bytes(2, retryInfo)]);
  return Buffer.concat([number(1, grpcCode), bytes(2, Buffer.from(message)), bytes(3, any)]);
}

function number(field: number, value: number): Buffer {
  return Buffer.from([field << 3, ...varint(value)]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(value.length)]), value]);
}

function varint(value: number): number[] {
  const septets: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...septets, rest];
    septets.push((rest % 128) | 128);
  }
}
