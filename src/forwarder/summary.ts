// The one line that each invocation leaves in its log, in CloudWatch's embedded metric format (Amazon CloudWatch User Guide,
// "Specification: Embedded metric format"): CloudWatch makes metrics of it, and people can read it. No record contents.

import type { DeliveryCounts } from './deliver.ts';
import type { LineCounts, ObjectKind } from './forward-object.ts';

export interface Summary {
  readonly coldStart: boolean;
  readonly objects: Record<ObjectKind | 'failed', number>;
  /** Records of the event that announce nothing to forward. */
  ignored: number;
  resumes: number;
  readonly lines: LineCounts;
  readonly delivery: DeliveryCounts;
}

export function formatSummary(
  summary: Summary,
  about: { atMs: number; durationMs: number; functionName: string },
): string {
  const { objects, lines, delivery } = summary;
  const metrics = {
    ObjectsForwarded: objects.forwarded,
    ObjectsEmpty: objects.empty,
    ObjectsForeign: objects.foreign,
    ObjectsMissing: objects.missing,
    ObjectsSuperseded: objects.superseded,
    ObjectsFailed: objects.failed,
    EventsIgnored: summary.ignored,
    LinesRead: lines.read,
    LinesHeader: lines.header,
    LinesBlank: lines.blank,
    LinesMalformed: lines.malformed,
    LinesTooLong: lines.tooLong,
    RecordsDelivered: lines.delivered,
    RecordsRefused: delivery.refused,
    /** 0, or the invocation failed. */
    LinesUndelivered: lines.read - lines.header - lines.blank - lines.delivered,
    Requests: delivery.requests,
    Retries: delivery.retries,
    Halvings: delivery.halvings,
    GetResumes: summary.resumes,
    ColdStarts: summary.coldStart ? 1 : 0,
  };
  return JSON.stringify({
    _aws: {
      Timestamp: Math.round(about.atMs),
      CloudWatchMetrics: [
        {
          Namespace: 'flowrig/forwarder',
          Dimensions: [['FunctionName']],
          Metrics: [
            ...Object.keys(metrics).map((name) => ({ Name: name, Unit: 'Count' })),
            { Name: 'BytesSent', Unit: 'Bytes' },
            { Name: 'DurationMs', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    FunctionName: about.functionName,
    ...metrics,
    BytesSent: delivery.bytesSent,
    DurationMs: Math.round(about.durationMs),
  });
}
