// A client of as much HTTP/1.1 as a bench needs: some connections, one request at a time on each, and of the answer its status and its
// length. undici's took more of a GET of 1 KiB than either server, 28 us and 1 us for each header, so that a row compared how many headers
// the servers send; this one takes half of that for any answer.

import { connect, type Socket } from 'node:net';

export interface BareRequest {
  readonly method: string;
  readonly target: string;
  readonly body?: Uint8Array;
}

export interface BareAnswer {
  readonly statusCode: number;
  /** Of its body. */
  readonly sizeBytes: number;
}

export interface BareClient {
  /** On the first connection that is free. */
  exchange(request: BareRequest): Promise<BareAnswer>;
  close(): void;
}

export function openBareClient(origin: string, connectionCount: number): BareClient {
  const connections = Array.from({ length: connectionCount }, () => new Connection(origin));
  const free = [...connections];
  const waiting: ((connection: Connection) => void)[] = [];
  return {
    async exchange(request) {
      const connection = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
      const answer = await connection.exchange(request);
      const next = waiting.shift();
      if (next) next(connection);
      else free.push(connection);
      return answer;
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}

const readBytes = 64 * 1024;

class Connection {
  readonly #url: URL;
  readonly #buffer = Buffer.allocUnsafe(readBytes);
  #socket: Socket | undefined;
  #statusCode = 0;
  #sizeBytes = 0;
  /** Of the body still to come. */
  #leftBytes = 0;
  /** The server says that it takes no other request. */
  #isLast = false;
  #settle: PromiseWithResolvers<BareAnswer> | undefined;

  constructor(origin: string) {
    this.#url = new URL(origin);
  }

  exchange({ method, target, body }: BareRequest): Promise<BareAnswer> {
    this.#settle = Promise.withResolvers();
    this.#socket ??= this.#connect();
    const length = body ? `content-length: ${body.length}\r\n` : '';
    const head = `${method} ${target} HTTP/1.1\r\nhost: ${this.#url.host}\r\n${length}\r\n`;
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    if (body) this.#socket.write(body);
    this.#socket.uncork();
    return this.#settle.promise;
  }

  close(): void {
    this.#settle = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #connect(): Socket {
    const { host, hostname, port } = this.#url;
    const callback = (count: number): boolean => this.#read(count);
    const onread = { buffer: this.#buffer, callback };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#settle?.reject(new Error(`${host} closed the connection before its answer`));
    });
    return socket;
  }

  /** Takes the first `count` bytes of the buffer. */
  #read(count: number): boolean {
    const headBytes = this.#statusCode === 0 ? this.#readHead(count) : 0;
    this.#leftBytes -= count - headBytes;
    if (this.#leftBytes > 0) return true;
    const settle = this.#settle;
    const answer = { statusCode: this.#statusCode, sizeBytes: this.#sizeBytes };
    this.#statusCode = 0;
    if (this.#isLast) this.close();
    settle?.resolve(answer);
    return true;
  }

  /** Returns its length. */
  #readHead(count: number): number {
    const length = this.#buffer.indexOf('\r\n\r\n') + 4;
    const text = this.#buffer.toString('latin1', 0, Math.min(length, count));
    const [, statusCode] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
    const [, sizeBytes] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? [];
    if (length > count || statusCode === undefined || sizeBytes === undefined) {
      throw new Error(`The bench's client does not read such an answer: ${text}`);
    }
    this.#statusCode = Number(statusCode);
    this.#sizeBytes = this.#leftBytes = Number(sizeBytes);
    this.#isLast = /\r\nconnection: close/i.test(text);
    return length;
  }
}
