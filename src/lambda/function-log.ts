// The function's log: all output of all its sandboxes, with the lines that Lambda itself writes around each invocation (Lambda
// guide, "Viewing CloudWatch logs for Lambda").

import { closeSync, openSync, writeSync } from 'node:fs';

export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMib: number;
  readonly memoryUsedBytes: number;
  /** Where this invocation started the sandbox. */
  readonly initMs?: number;
  /** What it came to, where that was no answer and no error of the handler's. */
  readonly status?: 'timeout' | 'error';
  readonly errorType?: string;
}

export interface FunctionLog extends Disposable {
  /** Output as it came. */
  write(output: Uint8Array): void;
  /** Output that nobody keeps: it only counts. */
  skip(sizeBytes: number): void;
  /** Whether it keeps no more output. */
  isFull(): boolean;
  /** All output and all lines, those that were not kept too. */
  sizeBytes(): number;
  /** A line of Lambda's own. */
  line(text: string): void;
  start(requestId: string): void;
  /** END and REPORT. */
  end(report: InvocationReport): void;
}

/** A function that writes without end must not fill the disk: so much of its output is kept, and the rest is counted. */
const keptBytes = 256 * 1024 ** 2;

/** Writes at once and in order: the log is whole even where the rig is killed. A chunk of 64 KiB costs 21 us. */
export function openFunctionLog(file: string, limitBytes = keptBytes): FunctionLog {
  const descriptor = openSync(file, 'a', 0o600);
  let sizeBytes = 0;
  let outputBytes = 0;
  const line = (text: string): void => {
    sizeBytes += Buffer.byteLength(text) + 1;
    writeSync(descriptor, `${text}\n`);
  };
  const isFull = (): boolean => outputBytes >= limitBytes;
  const count = (moreBytes: number): void => {
    const wasFull = isFull();
    outputBytes += moreBytes;
    sizeBytes += moreBytes;
    if (isFull() && !wasFull) {
      writeSync(
        descriptor,
        `\nflowrig: the function wrote ${limitBytes} bytes. From here on its output is counted, not kept.\n`,
      );
    }
  };
  return {
    write(output) {
      const kept = output.subarray(0, Math.max(0, limitBytes - outputBytes));
      if (kept.length > 0) writeSync(descriptor, kept);
      count(output.length);
    },
    skip: count,
    isFull,
    sizeBytes: () => sizeBytes,
    line,
    start: (requestId) => line(`START RequestId: ${requestId} Version: $LATEST`),
    end(report) {
      line(`END RequestId: ${report.requestId}`);
      line(reportLine(report));
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}

function reportLine(report: InvocationReport): string {
  const { requestId, durationMs, billedMs, memorySizeMib, memoryUsedBytes, initMs, status, errorType } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memorySizeMib} MB`,
    `Max Memory Used: ${Math.min(memorySizeMib, Math.ceil(memoryUsedBytes / 1024 ** 2))} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
    ...(errorType === undefined ? [] : [`Error Type: ${errorType}`]),
  ];
  return `${fields.join('\t')}\t`;
}
