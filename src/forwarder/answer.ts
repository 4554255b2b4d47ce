// What an answer of SigNoz means: the retry table. Only a 2xx that rejects nothing is a delivery.

/** An answer, or the reason why there was none. */
export type Answer =
  | {
      readonly kind: 'answer';
      readonly statusCode: number;
      readonly retryAfter: string | undefined;
      readonly contentType: string;
      readonly body: Buffer;
    }
  | {
      readonly kind: 'none';
      readonly error: Error & { readonly code?: string };
      /** A kept-alive connection died before a byte of the answer: it was closed while the sandbox was frozen. */
      readonly stale: boolean;
    };

/**
 * `transient` is tried again. `payload`: this body will never be taken, a smaller one may. `partial`: taken but for some records.
 * `configuration`: nothing will be taken until someone mends it.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'partial'; readonly rejectedCount: number }
  | { readonly kind: 'transient' | 'stale' | 'payload' | 'configuration'; readonly reason: string };

/**
 * 429, 502, 503 and 504 are OTLP's own (OTLP specification, "Failures"); 408, 499 and 5xx are documented for SigNoz Cloud
 * (signoz.io docs, "Troubleshooting"), whose receivers turn a next hop's passing failure into 500.
 */
const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429, 499, 500, 502, 503, 504]);
/** SigNoz Cloud answers 413 to a body that is too large, the collector 400. */
const payloadStatuses: ReadonlySet<number> = new Set([400, 413, 422]);

export function judgeAnswer(answer: Answer): Outcome {
  if (answer.kind === 'none') return judgeSilence(answer.error, answer.stale);
  const { statusCode } = answer;
  const reason = `SigNoz answered ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) {
    if (/^text\/html\b/i.test(answer.contentType)) {
      return { kind: 'configuration', reason: `${reason} with a web page: something else stands between` };
    }
    const rejectedCount = countRejected(answer.body, answer.contentType);
    return rejectedCount > 0 ? { kind: 'partial', rejectedCount } : { kind: 'delivered' };
  }
  if (transientStatuses.has(statusCode)) return { kind: 'transient', reason };
  if (payloadStatuses.has(statusCode)) return { kind: 'payload', reason };
  // 401: the key is wrong; 404: the key does not exist, or the path (signoz.io docs, "Troubleshooting"). A redirect is never
  // followed: a POST that turns into a GET is answered 200 by SigNoz's JSON receiver and stores nothing.
  return { kind: 'configuration', reason };
}

function judgeSilence(error: Error & { readonly code?: string }, stale: boolean): Outcome {
  const reason = `The request to SigNoz failed: ${error.message}`;
  if (stale) return { kind: 'stale', reason };
  // Certificates: codes of OpenSSL and of Node (Node.js documentation, "X509 certificate error codes").
  const isCertificate = /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH)/;
  return { kind: isCertificate.test(error.code ?? '') ? 'configuration' : 'transient', reason };
}

/** ExportLogsPartialSuccess.rejected_log_records (opentelemetry-proto, collector/logs/v1/logs_service.proto). */
function countRejected(body: Buffer, contentType: string): number {
  if (/^application\/json\b/i.test(contentType)) {
    const match = /"rejected(?:LogRecords|_log_records)"\s*:\s*"?(\d+)/.exec(body.toString('utf8'));
    return match ? Number(match[1]) : 0;
  }
  const partial = findField(body, 1);
  return partial instanceof Buffer ? Number(findField(partial, 1) ?? 0) : 0;
}

/** The value of a field at the top of a small message; undefined where it is absent or the bytes are no protobuf. */
function findField(message: Buffer, wanted: number): Buffer | number | undefined {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 0x80) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = readVarint();
    const wireType = tag % 8;
    if (wireType !== 0 && wireType !== 2) return undefined;
    const value = readVarint();
    const found = (tag - wireType) / 8 === wanted;
    if (wireType === 0 && found) return value;
    if (wireType === 2 && found) return message.subarray(at, at + value);
    if (wireType === 2) at += value;
  }
  return undefined;
}
