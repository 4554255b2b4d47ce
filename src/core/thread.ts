// Calls between threads: one side serves named functions, the other awaits them. Rooms do not know on which thread they run.

import { parentPort, Worker, workerData, type Transferable } from 'node:worker_threads';

import { FlowrigError, invariant, type ErrorCode, type Problem } from './errors.ts';

/** Data planes allocate little: V8's default for the young generation would only grow resident memory, by some 30 MB a thread. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** A function served by a thread: plain data in, plain data out. */
export type ThreadCall = (...args: never[]) => unknown;

export interface Thread<Calls extends Record<string, ThreadCall>> extends AsyncDisposable {
  call<Name extends keyof Calls & string>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Awaited<ReturnType<Calls[Name]>>>;
}

interface Request {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
  /** What an error of ours says beyond its message: cloning keeps no class. */
  readonly told?: { readonly code: ErrorCode; readonly problems: readonly Problem[] };
}

/** Bytes whose memory moves to the other thread instead of being copied. */
export interface Moved {
  readonly moved: Uint8Array;
}

/**
 * Starts the module `name` beside `besideUrl` (`.ts` from sources, `.js` when built) on a thread. `onEvent` sees what the thread
 * posts by itself. A crash of the thread rejects every call, with the thread's own error.
 */
export function openThread<Calls extends Record<string, ThreadCall>>(
  besideUrl: string,
  name: string,
  options: { data: unknown; onEvent?: (event: unknown) => void },
): Thread<Calls> {
  const url = new URL(`${name}${besideUrl.endsWith('.ts') ? '.ts' : '.js'}`, besideUrl);
  const worker = new Worker(url, { workerData: options.data, resourceLimits });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let nextId = 1;
  let ended: unknown;
  const fail = (error: unknown): void => {
    ended ??= error;
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error(`The thread ${name} has ended.`)));
  worker.on('message', (message: Answer | { event: unknown }) => {
    if ('event' in message) return options.onEvent?.(message.event);
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) call?.reject(errorOf(message));
    else call?.resolve(message.value);
  });
  return {
    call: (callName, ...args) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended as Error);
        const id = nextId++;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ id, name: callName, args } satisfies Request);
      }),
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

function errorOf({ error, told }: Answer): unknown {
  if (!told || !(error instanceof Error)) return error;
  return new FlowrigError(told.code, error.message, { problems: told.problems, cause: error });
}

/** What the thread was started with. */
export function threadData<Data>(): Data {
  return workerData as Data;
}

/** Serves calls on this thread until it is ended. A value `{ moved }` gives its memory away. */
export function serveThread(calls: Record<string, ThreadCall>): void {
  const port = parentPort;
  invariant(port, 'serveThread runs on a thread');
  port.on('message', (request: Request) => {
    void (async () => {
      try {
        const value = (await calls[request.name]!(...(request.args as never[]))) as Moved | undefined;
        const transfer: Transferable[] = value?.moved instanceof Uint8Array ? [value.moved.buffer as ArrayBuffer] : [];
        port.postMessage({ id: request.id, value } satisfies Answer, transfer);
      } catch (error) {
        const told = error instanceof FlowrigError ? { told: { code: error.code, problems: error.problems } } : {};
        port.postMessage({ id: request.id, error, ...told } satisfies Answer);
      }
    })();
  });
}

/** Tells the starter something that it did not ask for. */
export function postEvent(event: unknown): void {
  parentPort?.postMessage({ event });
}
