// `flowrig serve`: the fake SigNoz and the S3 on their own, for tests in any language, until interrupted.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { openClock } from '../../core/clock.ts';
import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { awaitInterruption } from '../../core/interruption.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { randomSource } from '../../core/random.ts';
import { openScope, type Scope } from '../../core/scope.ts';
import { unknownWord } from '../../scenario/validate.ts';
import { openParts, type Addresses, type Edition, type ServedPart, type ServePorts } from '../served-parts.ts';

export interface ServeOptions extends ServePorts {
  readonly edition: string;
  readonly key: readonly string[];
  readonly host: string;
  readonly tls?: boolean;
  readonly data?: string;
  readonly verifySignatures?: boolean;
  readonly readyJson?: boolean;
}

const partLists: Readonly<Record<string, readonly ServedPart[]>> = {
  sink: ['sink'],
  s3: ['s3'],
  all: ['sink', 's3', 'proxy'],
};

/** Draws of faults with a share follow from it: the same requests meet the same faults, whenever it is started. */
const seed = 42;

/** Ctrl-C and SIGTERM are how it ends, so they mean success. */
export async function serve(host: Host, what: string, options: ServeOptions): Promise<number> {
  const parts = partsOf(what, options.tls === true);
  const edition = editionOf(options.edition);
  const ended = Promise.withResolvers<void>();
  // What fails while the parts are being opened is thrown once they are.
  ended.promise.catch(() => undefined);
  using _ = awaitInterruption(host, ended.resolve);
  const scope = openScope();
  try {
    const folder = openFolder(host, scope, options.data);
    const ground = {
      scope,
      clock: openClock(),
      random: randomSource(seed),
      folder,
      fail: ended.reject,
      warn: (sentence: string) => host.write('stderr', `${sentence}\n`),
    };
    const addresses = await openParts(ground, parts, { ...options, edition, tls: options.tls === true });
    host.write('stdout', options.readyJson ? `${JSON.stringify(addresses)}\n` : describe(addresses, folder, options));
    await ended.promise;
  } finally {
    await scope[Symbol.asyncDispose]();
  }
  return exitCodes.pass;
}

/** Whoever wants TLS wants the real names too, and the other way round needs the certificate: proxy and authority go together. */
function partsOf(what: string, tls: boolean): readonly ServedPart[] {
  if (!Object.hasOwn(partLists, what)) {
    throw new FlowrigError('bad-usage', unknownWord('part', what, Object.keys(partLists)));
  }
  const parts = partLists[what]!;
  return tls && parts.includes('sink') ? [...new Set([...parts, 'proxy' as const])] : parts;
}

function editionOf(word: string): Edition {
  if (word === 'cloud' || word === 'selfhost') return word;
  throw new FlowrigError('bad-usage', `--edition: ${unknownWord('edition', word, ['cloud', 'selfhost'])}`);
}

/** A temporary folder goes when the scope closes. */
function openFolder(host: Host, scope: Scope, data: string | undefined): string {
  try {
    if (data !== undefined) {
      const folder = resolve(host.cwd, data);
      makeFolder(folder);
      return folder;
    }
    const folder = mkdtempSync(join(tmpdir(), 'flowrig-serve-'));
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch (cause) {
    const message = `Cannot make the folder for the archive: ${(cause as Error).message}. Choose another one with --data.`;
    throw new FlowrigError('cannot-write', message, { cause });
  }
}

function describe(addresses: Addresses, folder: string, options: ServeOptions): string {
  const { sink, otlp, grpc, s3, admin, proxy, caFile } = addresses;
  const rows: [string, string | undefined][] = [
    [`SigNoz (${options.edition})`, sink],
    ['OTLP/HTTP', otlp === sink ? undefined : otlp],
    ['OTLP/gRPC', grpc],
    ['S3', s3],
    ['admin API', admin],
    ['HTTPS_PROXY', proxy],
    ['its authority', caFile],
    [options.data === undefined ? 'kept until the end in' : 'kept in', folder],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return `${shown.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('')}Ctrl-C ends it.\n`;
}
