// Opens the embedded S3 as a store: over HTTP for whoever is under test, and directly for the rig that fills it.

import { createHash } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import { FlowrigError } from '../../core/errors.ts';
import type { Store } from '../../core/model/trigger.ts';
import { StoreFaultDesk } from '../faults/desk.ts';
import type { S3 } from './action.ts';
import { isBucketName } from './bucket-name.ts';
import { maxKeyBytes } from './call.ts';
import { idSource } from './ids.ts';
import { defaultHeaders } from './object-headers.ts';
import type { EmbeddedStoreOptions } from './options.ts';
import { requestIdSource } from './request-ids.ts';
import { listenS3 } from './server.ts';
import { openJournal } from './storage/journal.ts';
import { openStorage } from './storage/storage.ts';

/** AWS's example key. */
const exampleCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** Hashed in one go: about 6 ms of the thread that also serves requests. */
const hashBytes = 4 * 1024 * 1024;

export async function openStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { clock, random, region = 'us-east-1', host = '127.0.0.1', port = 0, memoryBytes = 64 * 1024 ** 2 } = options;
  const storage = openStorage({
    // What stays lies in files.
    memoryBytes: options.persistent ? 0 : memoryBytes,
    folder: options.folder,
    newId: idSource(random, clock),
    nowMs: () => clock.nowMs(),
    ...(options.persistent ? { journal: openJournal(options.folder) } : {}),
  });
  const credentials = options.verifySignatures ? { credentials: exampleCredentials } : {};
  const { notifications } = options;
  const told = notifications ? { notifications } : {};
  const s3: S3 = { storage, clock, region, ...credentials, ...told, ...openFaults(options) };
  const nextIds = requestIdSource(random);
  const running = new Set<Promise<unknown>>();
  const { onRequest } = options;
  const server = await listenS3({ s3, nextIds, host, port, ...(onRequest ? { onRequest } : {}) }).catch(
    async (error: unknown) => {
      await storage.close();
      throw error;
    },
  );
  return {
    address: {
      endpoint: `http://${host}:${server.port}`,
      region,
      ...exampleCredentials,
      sessionToken: 'flowrig-session-token',
    },
    createBucket(bucket) {
      if (!isBucketName(bucket)) {
        return Promise.reject(
          new FlowrigError(
            'bad-scenario',
            `"${bucket}" is no bucket name of S3: 3 to 63 lower-case letters, digits, hyphens and periods.`,
          ),
        );
      }
      storage.createBucket(bucket);
      return Promise.resolve();
    },
    put(bucket, key, body) {
      const putting = putDirectly({ s3, bucket, key, body, ...nextIds() });
      running.add(putting);
      const forget = (): void => void running.delete(putting);
      putting.then(forget, forget);
      return putting;
    },
    openRequests: () => server.openRequests(),
    closeIdleConnections: (jumpMs) => server.closeIdleConnections(jumpMs),
    async [Symbol.asyncDispose]() {
      await server.close();
      // A put that is under way would make its file after the others were removed.
      await Promise.allSettled(running);
      await storage.close();
    },
  };
}

function openFaults({ faults, clock, random }: EmbeddedStoreOptions): Pick<S3, 'faults' | 'onOverwrite'> {
  if (!faults) return {};
  const needs = { clock, random: random.split('faults'), startedMs: faults.startedMs, onStrike: faults.onStrike };
  return { faults: new StoreFaultDesk(faults.configs, needs), onOverwrite: faults.onOverwrite };
}

interface DirectPut {
  readonly s3: S3;
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly requestId: string;
  readonly hostId: string;
}

async function putDirectly({ s3, bucket, key, body, requestId, hostId }: DirectPut): ReturnType<Store['put']> {
  const there = s3.storage.bucket(bucket);
  if (!there)
    throw new FlowrigError('bad-scenario', `There is no bucket "${bucket}" to put "${key}" into; create it first.`);
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes < 1 || keyBytes > maxKeyBytes) {
    throw new FlowrigError('bad-scenario', `The key "${key}" has ${keyBytes} bytes; S3 takes 1 to ${maxKeyBytes}.`);
  }
  const etag = await md5Hex(body, s3.clock);
  const writer = s3.storage.openWriter();
  try {
    await writer.write(body);
    const stored = await writer.finish();
    const storedMs = s3.clock.nowMs();
    const versionId = await there.put(key, {
      body: stored,
      etag,
      lastModifiedMs: storedMs,
      headers: defaultHeaders,
    });
    const version = versionId === undefined ? {} : { versionId };
    return { bucket, key, sizeBytes: body.length, etag, ...version, storedMs, requestId, hostId };
  } finally {
    await writer.discard();
  }
}

/** Lets requests through between the pieces of a large body. */
async function md5Hex(body: Uint8Array, clock: Clock): Promise<string> {
  const md5 = createHash('md5');
  for (let at = 0; at < body.length; at += hashBytes) {
    if (at > 0) await clock.machineSleep(0);
    md5.update(body.subarray(at, at + hashBytes));
  }
  return md5.digest('hex');
}
