// Uploads in parts that are under way ("Uploading and copying objects using multipart upload", Amazon S3 User Guide), without HTTP.
// They live in memory and with their parts' bytes: one that is not complete when the store closes is gone.

import type { Checksum } from '../checksum.ts';
import type { Body } from './body.ts';
import type { ObjectEntry } from './entry.ts';

export interface Part {
  readonly body: Body;
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly checksum?: Checksum;
}

export interface Upload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedMs: number;
  /** What the object gets with its bytes. */
  readonly about: Pick<ObjectEntry, 'headers' | 'tags'>;
  /** Of the parts, in lower case. */
  readonly checksumAlgorithm?: string;
  readonly checksumType: 'COMPOSITE' | 'FULL_OBJECT';
  readonly parts: ReadonlyMap<number, Part>;
}

export interface Uploads {
  begin(upload: Omit<Upload, 'uploadId' | 'parts'>): Upload;
  find(uploadId: string): Upload | undefined;
  /** Owns the first hold on the part's body; false where the upload has ended meanwhile. */
  putPart(upload: Upload, number: number, part: Part): Promise<boolean>;
  /** Ends the upload. The bodies of `taken` go with the object; all others are released. False where it or one of them is no more. */
  end(upload: Upload, taken?: readonly Part[]): Promise<boolean>;
  /** In the order of their keys, then of their beginning. */
  of(bucket: string): readonly Upload[];
}

interface OpenUpload extends Upload {
  readonly parts: Map<number, Part>;
}

export function openUploads(newId: () => string): Uploads {
  const uploads = new Map<string, OpenUpload>();
  return {
    begin(about) {
      const upload = { ...about, uploadId: newId(), parts: new Map<number, Part>() };
      uploads.set(upload.uploadId, upload);
      return upload;
    },
    find: (uploadId) => uploads.get(uploadId),
    async putPart({ uploadId }, number, part) {
      const upload = uploads.get(uploadId);
      const former = upload?.parts.get(number);
      upload?.parts.set(number, part);
      await (upload ? former?.body.release() : part.body.release());
      return upload !== undefined;
    },
    async end({ uploadId }, taken = []) {
      const upload = uploads.get(uploadId);
      const parts = new Set(upload?.parts.values());
      // A part that came again while its upload was completed has freed the former.
      if (!upload || !taken.every((part) => parts.has(part))) return false;
      uploads.delete(uploadId);
      for (const part of taken) parts.delete(part);
      const left = [...parts];
      await Promise.all(left.map(async ({ body }) => body.release()));
      return true;
    },
    of: (bucket) =>
      [...uploads.values()]
        .filter((upload) => upload.bucket === bucket)
        .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.startedMs - b.startedMs),
  };
}
