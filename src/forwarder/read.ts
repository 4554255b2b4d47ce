// The bytes of one object, as S3 holds them. A body that breaks, ends early or stands still is asked for again from where it
// stopped, of the same version, so whoever reads these pieces sees one unbroken object.

import { GetObjectCommand, S3ServiceException, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { ObjectReference } from './event.ts';
import { backoffMs, sleep, type Surroundings } from './surroundings.ts';

export interface ReadNeeds {
  readonly s3: S3Client;
  readonly surroundings: Surroundings;
  /** Ends reading before the function's time is over; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly idleTimeoutMs: number;
  /** Called for each GET that continues a broken body. */
  readonly onResume: () => void;
}

/** `missing`: deleted since. `superseded`: overwritten since, and its own event follows. There is nothing to forward then. */
export type OpenedObject =
  | { readonly kind: 'bytes'; readonly pieces: AsyncGenerator<Buffer> }
  | { readonly kind: 'missing' | 'superseded' };

/** Tries in a row that may bring no byte. */
const maxFruitlessResumes = 5;
const waits = { firstMs: 200, capMs: 5000 } as const;

/** Throws what S3 answers for any other reason, a refused access among them. */
export async function openObject(object: ObjectReference, needs: ReadNeeds): Promise<OpenedObject> {
  const first = await request(object, needs, { start: 0, etag: object.versionId ? undefined : object.etag }).catch(
    (error: unknown): 'missing' | 'superseded' => {
      const absence = absenceOf(error);
      if (absence === undefined) throw error;
      return absence;
    },
  );
  return typeof first === 'string' ? { kind: first } : { kind: 'bytes', pieces: readPieces(object, needs, first) };
}

/** S3 answers 404 with these names for what was deleted; NoSuchBucket means a wrong setting (S3 API reference, "Error responses"). */
function absenceOf(error: unknown): 'missing' | 'superseded' | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  if (error.name === 'NoSuchKey' || error.name === 'NoSuchVersion') return 'missing';
  return error.$metadata.httpStatusCode === 412 ? 'superseded' : undefined;
}

async function request(
  object: ObjectReference,
  needs: ReadNeeds,
  from: { start: number; etag: string | undefined },
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({
    Bucket: object.bucket,
    Key: object.key,
    ...(object.versionId !== undefined && { VersionId: object.versionId }),
    ...(from.etag !== undefined && { IfMatch: `"${from.etag}"` }),
    ...(from.start > 0 && { Range: `bytes=${from.start}-` }),
  });
  try {
    return await needs.s3.send(command, { abortSignal: needs.signal });
  } catch (error) {
    needs.signal.throwIfAborted();
    throw error;
  }
}

async function* readPieces(
  object: ObjectReference,
  needs: ReadNeeds,
  first: GetObjectCommandOutput,
): AsyncGenerator<Buffer> {
  const sizeBytes = first.ContentLength;
  const etag = first.ETag?.replaceAll('"', '');
  let answer = first;
  let done = 0;
  let fruitless = 0;
  for (;;) {
    const before = done;
    let failure: unknown;
    try {
      for await (const piece of bodyPieces(answer, done, needs)) {
        done += piece.length;
        yield piece;
      }
    } catch (error) {
      needs.signal.throwIfAborted();
      failure = error;
    }
    if (failure === undefined && (sizeBytes === undefined || done >= sizeBytes)) return;
    fruitless = done > before ? 1 : fruitless + 1;
    if (fruitless > maxFruitlessResumes) {
      const what = `The body of s3://${object.bucket}/${object.key} stopped at byte ${done} of ${sizeBytes ?? 'unknown'}`;
      throw new Error(`${what} and brought nothing more in ${maxFruitlessResumes} tries.`, { cause: failure });
    }
    await sleep(needs.surroundings, backoffMs(needs.surroundings, fruitless, waits), needs.signal);
    needs.onResume();
    answer = await request(object, needs, { start: done, etag });
  }
}

/** One GET's body from byte `done` of the object on. */
async function* bodyPieces(answer: GetObjectCommandOutput, done: number, needs: ReadNeeds): AsyncGenerator<Buffer> {
  const body = answer.Body as Readable;
  // A store that does not know ranges answers 200 with everything.
  let surplus = done > 0 && answer.ContentRange === undefined ? done : 0;
  const stop = (): void => void body.destroy(needs.signal.reason as Error);
  needs.signal.addEventListener('abort', stop, { once: true });
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      // The clock runs only while we wait for S3, not while the reader is busy.
      const cancel = needs.surroundings.after(needs.idleTimeoutMs, () => {
        body.destroy(new Error(`S3 sent nothing for ${needs.idleTimeoutMs} ms.`));
      });
      const step = await iterator.next().finally(cancel);
      if (step.done) return;
      const skipped = Math.min(surplus, step.value.length);
      surplus -= skipped;
      if (skipped < step.value.length) yield step.value.subarray(skipped);
    }
  } finally {
    needs.signal.removeEventListener('abort', stop);
    body.destroy();
  }
}
