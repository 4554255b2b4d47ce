// `flowrig serve`: the fake SigNoz and the S3 on their own, for tests in any language, until interrupted.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { openClock, type SkippableClock } from '../../core/clock.ts';
import { exitCodes, FlowrigError } from '../../core/errors.ts';
import { exitProcess, residentBytes, type Host } from '../../core/host.ts';
import { randomSource, type RandomSource } from '../../core/random.ts';
import { openScope, type Scope } from '../../core/scope.ts';
import { ownVersion } from '../../core/version.ts';
import { defaultFormat } from '../../flowlogs/fields.ts';
import { identifyRequest, matchRecords } from '../../oracle/index.ts';
import { unknownWord } from '../../scenario/validate.ts';
import { readWrittenFaults } from '../../scenario/written-faults.ts';
import { DeliveryLog, openAdmin } from '../../sink/admin/index.ts';
import { openSink, type SinkFaultConfig } from '../../sink/index.ts';
import { openEmbeddedStore } from '../../stores/embedded/index.ts';

export interface ServeOptions {
  readonly edition: string;
  readonly key: readonly string[];
  readonly port: number;
  readonly otlpPort: number;
  readonly grpcPort: number;
  readonly s3Port: number;
  readonly adminPort: number;
  readonly data?: string;
  readonly readyJson?: boolean;
}

/** Base URLs of what was opened; what was not is absent. */
interface Addresses {
  readonly sink?: string;
  readonly otlp?: string;
  readonly grpc?: string;
  readonly s3?: string;
  readonly admin?: string;
}

/** What the opened parts share. */
interface Ground {
  readonly scope: Scope;
  readonly clock: SkippableClock;
  readonly random: RandomSource;
  readonly folder: string;
  /** Ends it all: something of the rig itself failed. */
  readonly fail: (error: unknown) => void;
}

const parts: Readonly<Record<string, readonly ('sink' | 's3')[]>> = { sink: ['sink'], s3: ['s3'], all: ['sink', 's3'] };

/** Draws of faults with a share follow from it: the same requests meet the same faults, whenever it is started. */
const seed = 42;

/** Ctrl-C and SIGTERM are how it ends, so they mean success. */
export async function serve(host: Host, what: string, options: ServeOptions): Promise<number> {
  const opened = partsOf(what);
  const edition = editionOf(options.edition);
  const ended = Promise.withResolvers<void>();
  let isEnding = false;
  using _ = host.onInterrupt(() => {
    if (isEnding) exitProcess(exitCodes.interrupted);
    isEnding = true;
    ended.resolve();
  });
  const scope = openScope();
  try {
    const folder = openFolder(host, scope, options.data);
    const ground: Ground = { scope, clock: openClock(), random: randomSource(seed), folder, fail: ended.reject };
    const addresses: Addresses = {
      ...(opened.includes('sink') ? await openSinkAndAdmin(ground, edition, options) : {}),
      ...(opened.includes('s3') ? { s3: await openS3(ground, options) } : {}),
    };
    host.write('stdout', options.readyJson ? `${JSON.stringify(addresses)}\n` : describe(addresses, folder, options));
    await ended.promise;
  } finally {
    await scope[Symbol.asyncDispose]();
  }
  return exitCodes.pass;
}

function partsOf(what: string): readonly ('sink' | 's3')[] {
  if (!Object.hasOwn(parts, what)) throw new FlowrigError('bad-usage', unknownWord('part', what, Object.keys(parts)));
  return parts[what]!;
}

function editionOf(word: string): 'cloud' | 'selfhost' {
  if (word === 'cloud' || word === 'selfhost') return word;
  throw new FlowrigError('bad-usage', `--edition: ${unknownWord('edition', word, ['cloud', 'selfhost'])}`);
}

/** A temporary folder goes when the scope closes. */
function openFolder(host: Host, scope: Scope, data: string | undefined): string {
  try {
    if (data !== undefined) {
      const folder = resolve(host.cwd, data);
      mkdirSync(folder, { recursive: true });
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

async function openSinkAndAdmin(
  { scope, clock, random, folder, fail }: Ground,
  edition: 'cloud' | 'selfhost',
  options: ServeOptions,
): Promise<Addresses> {
  const archive = freeFolder(folder);
  const log = new DeliveryLog(archive);
  const sink = scope.use(
    await openSink({
      clock,
      random: random.split('sink'),
      startedMs: clock.nowMs(),
      edition,
      ...(options.key.length > 0 ? { key: options.key } : {}),
      port: options.port,
      otlpPort: options.otlpPort,
      grpcPort: options.grpcPort,
      folder: archive,
      faults: [],
      identify: identifyRequest([defaultFormat]),
      match: matchRecords([defaultFormat]),
      onArchived: (entry, line) => log.add(entry, line),
      onFailure: fail,
    }),
  );
  const admin = scope.use(
    await openAdmin({
      sink,
      log,
      port: options.adminPort,
      readFaults: (written) => readWrittenFaults(written, 'sink') as unknown as readonly SinkFaultConfig[],
      version: ownVersion(),
      residentBytes,
    }),
  );
  return { sink: sink.url, otlp: sink.otlpUrl.replace(/\/v1\/logs$/, ''), grpc: sink.grpcUrl, admin: admin.url };
}

/** `archive` below the folder; where there is one of an earlier time, `archive-2`, and so on: none is ever mixed or replaced. */
function freeFolder(folder: string): string {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'archive' : `archive-${number}`);
    if (!existsSync(path)) return path;
  }
}

async function openS3({ scope, clock, random, folder }: Ground, { s3Port }: ServeOptions): Promise<string> {
  const s3 = await openEmbeddedStore({ clock, random: random.split('s3'), port: s3Port, folder: join(folder, 's3') });
  return scope.use(s3).address.endpoint;
}

function describe({ sink, otlp, grpc, s3, admin }: Addresses, folder: string, options: ServeOptions): string {
  const rows: [string, string | undefined][] = [
    [`SigNoz (${options.edition})`, sink],
    ['OTLP/HTTP', otlp === sink ? undefined : otlp],
    ['OTLP/gRPC', grpc],
    ['admin API', admin],
    ['S3', s3],
    [options.data === undefined ? 'kept until the end in' : 'kept in', folder],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return `${shown.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('')}Ctrl-C ends it.\n`;
}
