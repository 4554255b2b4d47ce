// What a rung's run left behind, in facts that its findings are stated from: requests to S3, deliveries, and the shape of the records.

import { join } from 'node:path';

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { RunFact } from '../../core/model/invocation.ts';
import type { RunResult } from '../../core/model/result.ts';
import type { StoreRequest } from '../../core/model/trigger.ts';
import { decodeEntry, openArchive, type Archive, type ArchiveEntry } from '../../sink/archive.ts';
import { readFacts } from '../folder.ts';

export interface Observed {
  readonly result: RunResult;
  readonly facts: readonly RunFact[];
  readonly storeRequests: readonly StoreRequest[];
  readonly deliveries: readonly ArchiveEntry[];
  readonly records: RecordShapes;
  /** The bucket of the scenario. */
  readonly bucket: string;
}

/** Counts over the records that the sink kept. */
export interface RecordShapes {
  readonly count: number;
  readonly withoutBody: number;
  readonly withoutTimestamp: number;
  readonly withoutResource: number;
  /** No field of it has a number, and one at least has a number as text. */
  readonly numbersAsText: number;
  /** An attribute of it is a lone dash. */
  readonly withDash: number;
  /** One of its values names the object it is from, or is an id of its own. */
  readonly traceable: number;
}

/** Records that are looked at; a defect of the shape shows in each. */
const shapesLimit = 2000;

export async function observe(
  result: RunResult,
  storeRequests: readonly StoreRequest[],
  bucket: string,
): Promise<Observed> {
  const folder = result.folder!;
  const archive = await openArchive(join(folder, 'archive'));
  const { facts } = readFacts(folder);
  const keys = facts.flatMap((fact) => (fact.type === 'stored' ? [fact.key] : []));
  const deliveries = archive.deliveries as readonly ArchiveEntry[];
  const records = await shapesOf(archive, keys);
  // A view shows bodies of text only.
  const hasOtherBodies = records.withoutBody > 0 && deliveries.some((entry) => hasStructuredBody(folder, entry));
  return {
    result,
    facts,
    storeRequests,
    deliveries,
    bucket,
    records: hasOtherBodies ? { ...records, withoutBody: 0 } : records,
  };
}

function hasStructuredBody(folder: string, entry: ArchiveEntry): boolean {
  if (!entry.kept || entry.recordCount === 0) return false;
  const [logs] = (decodeEntry(join(folder, 'archive'), entry).decoded?.resourceLogs(1) ?? []) as readonly {
    scopeLogs?: readonly { logRecords?: readonly { body?: object }[] }[];
  }[];
  const body = logs?.scopeLogs?.[0]?.logRecords?.[0]?.body;
  return body !== undefined && !('stringValue' in body) && Object.keys(body).length > 0;
}

async function shapesOf(archive: Archive, keys: readonly string[]): Promise<RecordShapes> {
  const shapes = {
    count: 0,
    withoutBody: 0,
    withoutTimestamp: 0,
    withoutResource: 0,
    numbersAsText: 0,
    withDash: 0,
    traceable: 0,
  };
  for (const { sequence, kept } of archive.deliveries) {
    if (!kept || shapes.count >= shapesLimit) continue;
    await archive.visit(sequence, (view) => {
      if (shapes.count >= shapesLimit) return;
      shapes.count++;
      // A record of SigNoz's JSON without a body is handed on with an empty one.
      if (view.bodyEnd <= view.bodyStart) shapes.withoutBody++;
      if (Number.isNaN(view.timestampMs) || view.timestampMs === 0) shapes.withoutTimestamp++;
      if (view.resourceAttributeCount === 0) shapes.withoutResource++;
      addAttributes(shapes, view, keys);
    });
  }
  return shapes;
}

function addAttributes(
  shapes: { numbersAsText: number; withDash: number; traceable: number },
  view: RecordView,
  keys: readonly string[],
): void {
  let [numbers, numberTexts, hasDash, isTraceable] = [0, 0, false, false];
  for (let slot = 0; slot < view.attributeCount; slot++) {
    const kind = view.valueKind[slot];
    if (kind === valueKinds.integer || kind === valueKinds.double) numbers++;
    if (kind !== valueKinds.text) continue;
    const name = latin1(view, view.keyStart[slot]!, view.keyEnd[slot]!);
    const text = latin1(view, view.valueStart[slot]!, view.valueEnd[slot]!);
    if (text === '-') hasDash = true;
    if (/(?:bytes|packets|port)$/i.test(name) && /^\d+$/.test(text)) numberTexts++;
    if (/\b(?:uid|event[._-]?id|record[._-]?id)$/i.test(name) || keys.some((key) => text.includes(key)))
      isTraceable = true;
  }
  if (numbers === 0 && numberTexts > 0) shapes.numbersAsText++;
  if (hasDash) shapes.withDash++;
  if (isTraceable) shapes.traceable++;
}

function latin1({ source }: RecordView, start: number, end: number): string {
  return Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('latin1');
}
