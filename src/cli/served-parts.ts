// The parts that `flowrig serve` opens, and how they are joined: the sink with its admin API, the S3, and the proxy under whose
// real names both are reached.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { SkippableClock } from '../core/clock.ts';
import { residentBytes } from '../core/host.ts';
import type { RandomSource } from '../core/random.ts';
import type { Scope } from '../core/scope.ts';
import { ownVersion } from '../core/version.ts';
import { defaultFormat } from '../flowlogs/fields.ts';
import { identifyRequest, matchRecords } from '../oracle/index.ts';
import { readWrittenFaults } from '../scenario/written-faults.ts';
import { DeliveryLog, openAdmin } from '../sink/admin/index.ts';
import { openSink, type Sink, type SinkFaultConfig } from '../sink/index.ts';
import type { Authority } from '../sink/tls/authority.ts';
import { openEmbeddedStore } from '../stores/embedded/index.ts';

export type Edition = 'cloud' | 'selfhost';
export type ServedPart = 'sink' | 's3' | 'proxy';

export interface ServePorts {
  readonly port: number;
  readonly otlpPort: number;
  readonly grpcPort: number;
  readonly s3Port: number;
  readonly adminPort: number;
}

export interface PartOptions extends ServePorts {
  readonly edition: Edition;
  readonly key: readonly string[];
  /** Where everything stays; without it, all goes at the end. */
  readonly data?: string;
  /** The S3 refuses what was not signed with AWS's example key. */
  readonly verifySignatures?: boolean;
  /** Where the sink's plain ports, the admin API and the S3 listen; the proxy and TLS are for this machine alone. */
  readonly host: string;
  /** The ports of the sink speak TLS. */
  readonly tls: boolean;
}

/** What the opened parts share. */
export interface Ground {
  readonly scope: Scope;
  readonly clock: SkippableClock;
  readonly random: RandomSource;
  readonly folder: string;
  /** Ends it all: something of the rig itself failed. */
  readonly fail: (error: unknown) => void;
  readonly warn: (sentence: string) => void;
}

/** Base URLs of what was opened, and a file; what was not opened is absent. */
export interface Addresses {
  readonly sink?: string;
  readonly otlp?: string;
  readonly grpc?: string;
  readonly s3?: string;
  readonly admin?: string;
  readonly proxy?: string;
  readonly caFile?: string;
}

/** Opens the parts; throws a FlowrigError where a port or a folder cannot be had. */
export async function openParts(
  ground: Ground,
  parts: readonly ServedPart[],
  options: PartOptions,
): Promise<Addresses> {
  const s3 = parts.includes('s3') ? await openS3(ground, options) : undefined;
  const store = s3 === undefined ? {} : { s3 };
  if (!parts.includes('sink')) return store;
  const { sink, admin } = await openSinkAndAdmin(ground, options);
  const plain = { sink: sink.url, otlp: sink.otlpUrl.replace(/\/v1\/logs$/, ''), grpc: sink.grpcUrl };
  if (!parts.includes('proxy')) return { ...plain, ...store, admin };
  const { authority, proxy, caFile } = await openProxy(ground, sink, s3);
  const reached = options.tls ? await openTlsPorts(ground, { sink, authority, options }) : plain;
  return { ...reached, ...store, admin, proxy, caFile };
}

/** Under TLS the ports that were asked for are those of TLS; the plain ones behind them are any. */
async function openSinkAndAdmin(
  { scope, clock, random, folder, fail }: Ground,
  options: PartOptions,
): Promise<{ sink: Sink; admin: string }> {
  const archive = freeFolder(folder);
  const log = new DeliveryLog(archive);
  const { port, otlpPort, grpcPort } = options;
  const sink = scope.use(
    await openSink({
      clock,
      random: random.split('sink'),
      startedMs: clock.nowMs(),
      edition: options.edition,
      key: options.key,
      ...(options.tls ? {} : { host: options.host, port, otlpPort, grpcPort }),
      folder: archive,
      faults: [],
      identify: identifyRequest([defaultFormat]),
      match: matchRecords([defaultFormat]),
      onArchived: (entry, line, isAmended) => log.add(entry, line, isAmended),
      onFailure: fail,
    }),
  );
  const admin = scope.use(
    await openAdmin({
      sink,
      log,
      host: options.host,
      port: options.adminPort,
      readFaults: (written) => readWrittenFaults(written, 'sink') as unknown as readonly SinkFaultConfig[],
      version: ownVersion(),
      residentBytes,
    }),
  );
  return { sink, admin: admin.url };
}

/** `archive` below the folder; where there is one of an earlier time, `archive-2`, and so on: none is ever mixed or replaced. */
function freeFolder(folder: string): string {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'archive' : `archive-${number}`);
    if (!existsSync(path)) return path;
  }
}

async function openS3({ scope, clock, random, folder }: Ground, options: PartOptions): Promise<string> {
  const s3 = await openEmbeddedStore({
    clock,
    random: random.split('s3'),
    host: options.host,
    port: options.s3Port,
    folder: join(folder, 's3'),
    persistent: options.data !== undefined,
    verifySignatures: options.verifySignatures === true,
  });
  return scope.use(s3).address.endpoint;
}

async function openProxy(
  { scope, clock, random, folder, warn }: Ground,
  sink: Sink,
  s3: string | undefined,
): Promise<{ authority: Authority; proxy: string; caFile: string }> {
  // Loaded only where it is used: making certificates takes a fifth of a second to import.
  const { openEgress } = await import('../sink/egress/index.ts');
  const egress = scope.use(
    await openEgress({
      clock,
      random: random.split('net'),
      startedMs: clock.nowMs(),
      folder,
      faults: [],
      ...(s3 === undefined ? {} : { storeEndpoint: s3 }),
      acceptHttp: (socket) => sink.accept(socket),
      acceptHttp2: (socket) => sink.acceptGrpc(socket),
      onRefused: ({ host, port }) => warn(`A client wanted ${host}:${port}; the proxy lets nothing out.`),
      onFault: () => undefined,
    }),
  );
  return { authority: egress.authority, proxy: egress.proxyUrl, caFile: egress.caFile };
}

/** On one port a client of HTTP/1.1 finds the receivers of HTTP, one that speaks HTTP/2 and nothing else OTLP/gRPC. */
async function openTlsPorts(
  { scope, clock }: Ground,
  { sink, authority, options }: { sink: Sink; authority: Authority; options: PartOptions },
): Promise<Pick<Addresses, 'sink' | 'otlp' | 'grpc'>> {
  const { openTlsListener } = await import('../sink/tls/listener.ts');
  const host = '127.0.0.1';
  const listen = async (port: number, acceptHttp: (typeof sink)['accept'] | undefined): Promise<string> => {
    const listener = await openTlsListener({
      clock,
      authority,
      host,
      port,
      protocols: acceptHttp ? ['http/1.1', 'h2'] : ['h2'],
      accept: (socket, protocol) => (protocol === 'h2' || !acceptHttp ? sink.acceptGrpc(socket) : acceptHttp(socket)),
    });
    scope.use(listener);
    return `https://${host}:${listener.port}`;
  };
  const url = await listen(options.port, (socket) => sink.accept(socket));
  const hasOwnOtlp = options.edition === 'selfhost';
  const otlp = hasOwnOtlp ? await listen(options.otlpPort, (socket) => sink.acceptOtlp(socket)) : url;
  return { sink: url, otlp, grpc: await listen(options.grpcPort, undefined) };
}
