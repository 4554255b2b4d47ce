// The connections of one HTTP port, below its requests: how long a client may take for a head, and what becomes of bytes that are no
// request. They never cut short an answer that is due.

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Clock } from '../core/clock.ts';
import type { Answer } from './answer.ts';
import { Deadlines } from './deadlines.ts';
import { goBodyDamage } from './editions/malformed.ts';
import type { Listener } from './editions/edition.ts';
import { hasLeft, wasReset } from './peer.ts';

interface Connection {
  /** Requests that came and were not answered to the last byte. */
  dueAnswers: number;
  /** Ends the wait for a head. */
  headCame: () => void;
  /** The request whose body is being read, and whom to tell that it broke off. */
  reading?: { readonly raw: IncomingMessage; readonly broke: (damage: string) => void };
  /** What is said when no answer is due any more, before the connection ends. */
  last?: Answer | 'nothing';
}

/** Go's rstAvoidanceDelay (net/http, server.go). */
const resetAvoidanceMs = 500;

export class HttpConnections {
  private readonly clock: Clock;
  private readonly listener: Listener;
  private readonly closing: AbortSignal;
  private readonly heads: Deadlines | undefined;
  private readonly connections = new WeakMap<Socket, Connection>();

  constructor(clock: Clock, listener: Listener, closing: AbortSignal) {
    const { headMs } = listener.timeLimits;
    this.clock = clock;
    this.listener = listener;
    this.closing = closing;
    this.heads = headMs === undefined ? undefined : new Deadlines(clock, headMs, closing);
  }

  /** A client connected. Where its first head takes too long it is cut off without a word. */
  opened(socket: Socket): void {
    const { heads } = this;
    const deadline = heads?.start(() => void socket.destroy());
    const headCame = (): void => {
      if (deadline) heads!.clear(deadline);
    };
    this.connections.set(socket, { dueAnswers: 0, headCame });
    socket.once('close', headCame);
    // Before Node sees the end, which closes the connection then, whatever answer is due.
    socket.prependOnceListener('end', () => hasLeft(socket));
    // Node's parser has no complaint where a body breaks off that came with an Upgrade.
    socket.once('end', () => this.brokeOff(this.of(socket), 'HPE_INVALID_EOF_STATE'));
  }

  /** A head came. False where it is none that the edition would take: that has been answered then. */
  requested(raw: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = raw;
    const connection = this.of(socket);
    connection.headCame();
    const fault = faultOf(raw);
    if (fault !== undefined) {
      this.say(socket, this.listener.malformed(fault));
      return false;
    }
    connection.dueAnswers++;
    response.on('finish', () => {
      connection.dueAnswers--;
      if (connection.dueAnswers === 0 && connection.last) this.say(socket, connection.last);
    });
    return true;
  }

  /** Resolves with what is wrong when the parser finds the body of this request broken. */
  damageOf(raw: IncomingMessage): Promise<string> {
    return new Promise((broke) => (this.of(raw.socket).reading = { raw, broke }));
  }

  /** Node's parser cannot read on. */
  failed(error: NodeJS.ErrnoException, socket: Socket): void {
    const code = error.code ?? '';
    if (code === 'ECONNRESET' || code === 'EPIPE') wasReset(socket);
    if (!code.startsWith('HPE_')) return void socket.destroy();
    // It has been answered already: more of the same bytes came.
    if (!socket.writable) return;
    const connection = this.of(socket);
    if (this.brokeOff(connection, code)) return;
    if (connection.dueAnswers > 0) {
      connection.last = this.listener.malformed(code);
    } else if (code === 'HPE_INVALID_EOF_STATE') {
      // A client that went away between requests, or in the middle of a head.
      socket.end();
    } else {
      this.say(socket, this.listener.malformed(code));
    }
  }

  /** False where no body is being read. */
  private brokeOff(connection: Connection, code: string): boolean {
    const { reading } = connection;
    if (!reading || reading.raw.complete) return false;
    connection.last = 'nothing';
    reading.broke(goBodyDamage(code));
    return true;
  }

  /** Past Node's own answers, which know no request here. A connection that an answer has closed already is left alone. */
  private say(socket: Socket, answer: Answer | 'nothing'): void {
    if (!socket.writable) return;
    socket.end(answer === 'nothing' ? '' : bytesOf(answer));
    // What is still on its way is read away for as long as Go does, or the client would see a reset and no answer.
    socket.resume();
    void this.clock.machineSleep(resetAvoidanceMs, this.closing).then(
      () => socket.destroy(),
      () => socket.destroy(),
    );
  }

  private of(socket: Socket): Connection {
    let connection = this.connections.get(socket);
    if (!connection) this.connections.set(socket, (connection = { dueAnswers: 0, headCame: () => undefined }));
    return connection;
  }
}

function isHost(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host';
}

/** What Node's parser lets through and Go's does not, as one of the parser's codes or a code of ours. */
function faultOf({ rawHeaders, headers, httpVersion, httpVersionMajor }: IncomingMessage): string | undefined {
  let hostCount = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (isHost(rawHeaders[i]!)) hostCount++;
  if (httpVersionMajor !== 1) return 'HPE_INVALID_VERSION';
  if (hostCount > 1) return 'two-hosts';
  if (hostCount === 0 && httpVersion === '1.1') return 'no-host';
  const encoding = headers['transfer-encoding'] ?? 'chunked';
  return encoding.toLowerCase() === 'chunked' ? undefined : 'HPE_INVALID_TRANSFER_ENCODING';
}

function bytesOf(answer: Answer): Buffer {
  const lines = Object.entries({ ...answer.headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode]}`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), Buffer.from(answer.body)]);
}
