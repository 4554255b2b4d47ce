// A sink behind the proxy, under SigNoz's real name, and plain programs that are told of it by their environment alone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { randomSource } from '../../src/core/random.ts';
import { egressVariables } from '../../src/run/environment.ts';
import { openEgress, type Egress, type EgressOptions } from '../../src/sink/egress/index.ts';
import type { SinkOptions } from '../../src/sink/index.ts';
import { openSinkRig, type SinkRig } from './rig.ts';

export interface EgressRig extends AsyncDisposable {
  readonly rig: SinkRig;
  readonly egress: Egress;
  /** Where the authority's certificate lies. */
  readonly folder: string;
  /** `host:port` of each refusal. */
  readonly refused: string[];
  /** Kinds of faults that struck. */
  readonly struck: string[];
}

export async function openEgressRig(
  options: Partial<EgressOptions> = {},
  sinkOptions: Partial<SinkOptions> = {},
): Promise<EgressRig> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-egress-'));
  const rig = await openSinkRig(sinkOptions);
  const refused: string[] = [];
  const struck: string[] = [];
  const egress = await openEgress({
    clock: rig.clock,
    startedMs: rig.clock.nowMs(),
    random: randomSource(1),
    folder,
    faults: [],
    acceptHttp: (socket) => rig.sink.accept(socket),
    onRefused: ({ host, port }) => void refused.push(`${host}:${port}`),
    onFault: (kind) => void struck.push(kind),
    ...options,
  });
  return {
    rig,
    egress,
    folder,
    refused,
    struck,
    async [Symbol.asyncDispose]() {
      await egress[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, in the environment that a target gets; `env` comes on top. */
export async function runProgram(
  egress: Egress,
  command: readonly [string, ...string[]],
  { input = '', env = {} }: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramEnd> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'], ...egressVariables(egress), ...env },
    // The test has failed by then; a program that hangs would keep all that come after it.
    timeout: 170_000,
  });
  child.stdin.end(input);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...said };
}

/** A module of Node's, run as a program of its own. */
export function runNode(
  egress: Egress,
  source: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramEnd> {
  return runProgram(egress, [process.execPath, '--input-type=module', '--eval', source], { env });
}

/** Sends bytes to the proxy; resolves with the connection, which is open. */
export async function dialProxy({ proxyUrl }: Egress, text: string): Promise<Socket> {
  const { hostname, port } = new URL(proxyUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** All that comes until the proxy closes. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A tunnel to a host, as far as the proxy's own answer. */
export async function openTunnel(egress: Egress, authority: string): Promise<Socket> {
  const socket = await dialProxy(egress, `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (answer.toString() !== 'HTTP/1.1 200 Connection Established\r\n\r\n') throw new Error(answer.toString());
  return socket;
}

/** TLS through a tunnel, with the client's own checks; rejects with their error. */
export async function secure(
  egress: Egress,
  socket: Socket,
  servername: string,
  protocols?: string[],
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    servername,
    ca: egress.authority.certificatePem,
    ...(protocols ? { ALPNProtocols: protocols } : {}),
  });
  await once(secured, 'secureConnect');
  return secured;
}
