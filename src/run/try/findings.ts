// What the ladder itself states of a rung, from facts alone, beside what the checks found: each with its evidence.

import type { InvocationFact } from '../../core/model/invocation.ts';
import type { Finding } from '../../core/model/result.ts';
import { formatBytes, formatCount } from '../../core/units.ts';
import type { Observed } from './observed.ts';

/** SigNoz Cloud's limit of a request (signoz.io/docs, ingestion/signoz-cloud/overview, "Maximum payload size"). */
const requestLimit = { bytes: 16_000_000, words: '16 MB' };

/** Bodies below this are not worth compressing. */
const compressibleBytes = 20_000;

/** Below this Lambda's own lines weigh more than what the function logs. */
const worthLoggingBytes = 100_000;

export function ladderFindings(rung: string, seen: Observed): Finding[] {
  return [
    ...shapeFindings(seen),
    ...memoryFindings(seen),
    ...bucketFindings(seen),
    ...requestFindings(seen),
    ...(ofRung[rung]?.(seen) ?? []),
  ];
}

const ofRung: Readonly<Record<string, (seen: Observed) => Finding[]>> = {
  throttled: retryFindings,
  unavailable: retryFindings,
  'cut-gzip': blockingFindings,
  'duplicate-event': copyFindings,
  'time-limit': patienceFindings,
};

/** It fails the forwarder: records are lost, doubled, dated wrongly or cannot be read. */
function defect(id: string, summary: string, note?: string): Finding {
  return { id, check: 'ladder', validity: 'fail', summary, witnesses: note === undefined ? [] : [{ note }] };
}

/** It costs money or comfort, and nothing is wrong. */
function advice(id: string, summary: string, note?: string): Finding {
  return { ...defect(id, summary, note), validity: 'pass' };
}

function shapeFindings({ records, result }: Observed): Finding[] {
  const { count, withoutBody, withoutTimestamp, withoutResource, numbersAsText, withDash } = records;
  if (count === 0) return [];
  const share = (part: number): string => `${formatCount(part)} of ${formatCount(count)} records`;
  const findings: Finding[] = [];
  if (withoutTimestamp > 0) {
    findings.push(
      defect(
        'no-timestamp',
        `${share(withoutTimestamp)} have no timestamp: SigNoz shows them at the time when they came`,
      ),
    );
  }
  if (withoutBody > 0) {
    findings.push(
      defect(
        'no-body',
        `${share(withoutBody)} have no body: in SigNoz's list of logs their rows show a time and nothing else`,
      ),
    );
  }
  if (numbersAsText > 0) {
    findings.push(
      advice(
        'numbers-as-text',
        `${share(numbersAsText)} have bytes, packets or ports as text: SigNoz cannot sum or compare them`,
      ),
    );
  }
  if (withoutResource === count) {
    findings.push(
      advice(
        'no-resource',
        `${share(withoutResource)} have no resource: nothing in SigNoz tells which account, region or service they are of`,
      ),
    );
  }
  if (withDash > 0) {
    findings.push(advice('dashes-as-values', `${share(withDash)} have "-" as a value, AWS's sign for none`));
  }
  return [...findings, ...logFindings(result)];
}

function logFindings({ resources, corpus }: Observed['result']): Finding[] {
  const logBytes = resources.target?.logBytes ?? 0;
  if (corpus.bytes < worthLoggingBytes || logBytes < corpus.bytes / 4) return [];
  const summary = `it logged ${formatBytes(logBytes)} for ${formatBytes(corpus.bytes)} of flow logs: CloudWatch stores the data again`;
  return [advice('records-logged', summary)];
}

function memoryFindings({ result }: Observed): Finding[] {
  const { outOfMemory, started } = result.invocations;
  if (outOfMemory === 0) return [];
  const { memory } = result.scenario['target'] as { memory?: unknown };
  const perObject = formatBytes(result.corpus.bytes / result.corpus.objects);
  const summary =
    `${formatCount(outOfMemory)} of ${formatCount(started)} invocations ran out of ${String(memory)} of memory over an object of ` +
    `${perObject} of text: it keeps the whole object, and more than once`;
  return [defect('out-of-memory', summary)];
}

function bucketFindings({ storeRequests, result, bucket }: Observed): Finding[] {
  const served = storeRequests.filter(({ statusCode }) => statusCode < 300);
  const lists = served.filter(({ operation }) => operation === 'ListObjectsV2' || operation === 'ListObjects').length;
  const gets = served.filter(({ operation }) => operation === 'GetObject').length;
  const foreign = storeRequests.find((request) => request.errorCode === 'NoSuchBucket' && request.bucket !== bucket);
  const findings: Finding[] = [];
  if (foreign) {
    const summary = `it asks for the bucket "${foreign.bucket}", which no event named: the name stands in its code`;
    findings.push(defect('bucket-hard-coded', summary, `${foreign.operation} ${foreign.bucket} -> NoSuchBucket`));
  }
  const { started } = result.invocations;
  if (lists === 0 || gets <= started) return findings;
  const summary =
    `it lists the bucket (${formatCount(lists)} times in ${formatCount(started)} invocations) and read ${formatCount(gets)} objects where ` +
    `${formatCount(result.corpus.objects)} were announced: each event costs the whole bucket, of which one listing shows the first 1,000 keys only`;
  return [...findings, defect('bucket-listed', summary)];
}

function requestFindings({ deliveries, result }: Observed): Finding[] {
  const findings: Finding[] = [];
  const tooLarge = deliveries.filter(({ statusCode, fault }) => statusCode === 413 && fault === undefined);
  if (tooLarge.length > 0) {
    const largest = Math.max(...tooLarge.map(({ sizeBytes }) => sizeBytes));
    findings.push(
      defect(
        'request-too-large',
        `SigNoz refused a request of ${formatBytes(largest)} with 413: it takes ${requestLimit.words}`,
      ),
    );
  }
  const plain = deliveries.filter(
    ({ sizeBytes, contentEncoding }) => sizeBytes >= compressibleBytes && isPlain(contentEncoding),
  );
  const [first] = plain;
  if (first) {
    findings.push(
      advice(
        'not-compressed',
        `request ${first.sequence} had ${formatBytes(first.sizeBytes)} and no Content-Encoding: gzip makes flow logs as JSON about ten times smaller`,
      ),
    );
  }
  return [...findings, ...wholeObjectFindings(deliveries, result)];
}

function isPlain(contentEncoding: string | undefined): boolean {
  return contentEncoding === undefined || contentEncoding === '' || contentEncoding === 'identity';
}

/** All lines of a large object in one request: then there is an object that no request can carry. */
function wholeObjectFindings(deliveries: Observed['deliveries'], { corpus }: Observed['result']): Finding[] {
  const linesPerObject = corpus.lines / corpus.objects;
  const whole = deliveries.find(
    ({ recordCount, contentEncoding }) => recordCount >= Math.max(linesPerObject, 20_000) && isPlain(contentEncoding),
  );
  if (!whole) return [];
  const perRecord = whole.sizeBytes / whole.recordCount;
  const most = Math.floor(requestLimit.bytes / perRecord / 1000) * 1000;
  const summary =
    `it sends an object as one request (${formatCount(whole.recordCount)} records, ${formatBytes(whole.sizeBytes)}): one of more than ` +
    `${formatCount(most)} records passes SigNoz's limit of ${requestLimit.words} and can never be delivered`;
  return [defect('whole-object-in-one-request', summary)];
}

function retryFindings({ deliveries, result }: Observed): Finding[] {
  const refused = deliveries.filter(
    ({ acknowledgement, fault }) => acknowledgement === 'refused' && fault !== undefined,
  );
  const { missing, deadLettered } = result.tally;
  if (refused.length === 0 || refused.length < deliveries.length || missing + deadLettered === 0) return [];
  const { statusCode } = refused[0]!;
  const outcome = result.invocations.succeeded > 0 ? 'reported success' : 'ended';
  return [
    defect(
      'no-retry',
      `SigNoz answered ${statusCode} once; the invocation ${outcome}, and the request was not sent again`,
    ),
  ];
}

function blockingFindings({ result }: Observed): Finding[] {
  const lost = result.tally.missing + result.tally.deadLettered;
  if (lost === 0) return [];
  return [
    defect(
      'blocked-by-a-bad-object',
      `beside one cut gzip, ${formatCount(lost)} records of an object that is whole were not delivered`,
    ),
  ];
}

function copyFindings({ result, records }: Observed): Finding[] {
  const { duplicated } = result.tally;
  const copies = Object.values(duplicated).reduce((sum, count) => sum + count, 0);
  if (copies === 0 || records.traceable > 0) return [];
  return [
    advice(
      'copies-untraceable',
      `${formatCount(copies)} records arrived again, and no record tells its object or an id: nothing in SigNoz tells a copy from traffic`,
    ),
  ];
}

function patienceFindings({ facts, deliveries }: Observed): Finding[] {
  const late = facts.find((fact): fact is InvocationFact => fact.type === 'invocation' && fact.status === 'timed-out');
  const unanswered = deliveries.some(({ fault }) => fault === 'sink.delay');
  if (!late || !unanswered) return [];
  return [
    defect(
      'no-request-timeout',
      'it waited for an answer until Lambda ended it: its requests have no time limit of their own',
      late.message,
    ),
  ];
}
