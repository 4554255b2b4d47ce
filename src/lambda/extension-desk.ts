// Lambda's Extensions API, version 2020-01-01: programs beside the runtime that hear of each invocation, and of the sandbox's end.
// (Lambda guide, "Using the Lambda Extensions API to create extensions"; aws/aws-lambda-runtime-interface-emulator, lambda/rapi.)

import type { IncomingMessage, ServerResponse } from 'node:http';

import { accept, answer, readBody, refuse } from './api-answers.ts';

/** What an extension is told of its function when it registers. */
export interface ExtensionFacts {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly handler: string;
  readonly accountId: string;
}

export interface InvokeEvent {
  readonly eventType: 'INVOKE';
  readonly deadlineMs: number;
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  readonly tracing: { readonly type: 'X-Amzn-Trace-Id'; readonly value: string };
}

/** How Lambda calls the failure of an extension: as it told of it itself, or that it ended without a word (same emulator, lambda/fatalerror). */
export type ExtensionErrorType = 'Extension.InitError' | 'Extension.ExitError' | 'Extension.Crash';

/** Why a sandbox ends: it is not needed any more, an invocation passed its time limit, or what runs in it failed. */
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

export interface ShutdownEvent {
  readonly eventType: 'SHUTDOWN';
  readonly shutdownReason: ShutdownReason;
  readonly deadlineMs: number;
}

interface Extension {
  readonly id: string;
  readonly events: readonly string[];
  /** Its `next` that waits. */
  waiting?: ServerResponse;
  /** It has an event, and has not asked for the next one yet. */
  busy: boolean;
}

export interface ExtensionDeskOptions {
  readonly facts: ExtensionFacts;
  /**
   * Names of the external ones, which start with the sandbox: until each has registered and waits, the init is not over. Whoever else
   * registers is internal, a part of the runtime's process.
   */
  readonly expected: readonly string[];
  /** One more waits. */
  readonly onWaiting: () => void;
}

const bodyLimitBytes = 64 * 1024;

export class ExtensionDesk {
  readonly #options: ExtensionDeskOptions;
  readonly #extensions = new Map<string, Extension>();
  #ids = 0;
  #shutdown: ShutdownEvent | undefined;
  #toldError: ExtensionErrorType | undefined;

  constructor(options: ExtensionDeskOptions) {
    this.#options = options;
  }

  /** Whether nobody here has anything to do: then the sandbox may be frozen. */
  allWait(): boolean {
    const { expected } = this.#options;
    return (
      expected.every((name) => this.#extensions.has(name)) && [...this.#extensions.values()].every(({ busy }) => !busy)
    );
  }

  /** Those that asked for it get the event. */
  tell(event: InvokeEvent | ShutdownEvent): void {
    for (const extension of this.#extensions.values()) {
      if (!extension.events.includes(event.eventType)) continue;
      extension.busy = true;
      const { waiting } = extension;
      delete extension.waiting;
      if (waiting) this.#hand(event, waiting);
    }
  }

  /** What the first of them that failed has told of it. It is said to end then. */
  toldError(): ExtensionErrorType | undefined {
    return this.#toldError;
  }

  /** How many have registered. */
  registered(): { readonly internal: number; readonly external: number } {
    const external = this.#options.expected.filter((name) => this.#extensions.has(name)).length;
    return { internal: this.#extensions.size - external, external };
  }

  /** Who asked for it hears of the end: now, or when it is done with what it does. False where nobody asked. */
  shutDown(shutdownReason: ShutdownReason, deadlineMs: number): boolean {
    this.#shutdown = { eventType: 'SHUTDOWN', shutdownReason, deadlineMs: Math.floor(deadlineMs) };
    this.tell(this.#shutdown);
    return [...this.#extensions.values()].some(({ events }) => events.includes('SHUTDOWN'));
  }

  #hand(event: InvokeEvent | ShutdownEvent, response: ServerResponse): void {
    answer(response, 200, event, { 'lambda-extension-event-identifier': this.#newId() });
  }

  /** `path` follows `/2020-01-01/extension/`. */
  async serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && path === 'event/next') return this.#next(request, response);
    const body = await readBody(request, bodyLimitBytes);
    if (request.method === 'POST' && path === 'register') return this.#register(request, response, body);
    if (request.method === 'POST' && path === 'init/error') return this.#fail('Extension.InitError', request, response);
    if (request.method === 'POST' && path === 'exit/error') return this.#fail('Extension.ExitError', request, response);
    refuse(response, 404, 'NotFound', `${request.method} /2020-01-01/extension/${path} is not served.`);
  }

  #fail(errorType: ExtensionErrorType, request: IncomingMessage, response: ServerResponse): void {
    if (!this.#find(request, response)) return;
    if (!request.headers['lambda-extension-function-error-type']) {
      return refuse(response, 403, 'Extension.MissingHeader', 'Lambda-Extension-Function-Error-Type not found');
    }
    this.#toldError ??= errorType;
    accept(response);
  }

  #register(request: IncomingMessage, response: ServerResponse, body: Awaited<ReturnType<typeof readBody>>): void {
    const { facts } = this.#options;
    const name = request.headers['lambda-extension-name'];
    if (typeof name !== 'string' || name === '') {
      return refuse(response, 403, 'Extension.InvalidExtensionName', 'Extension name is missing');
    }
    const events = eventsOf(body);
    if (!events) return refuse(response, 400, 'InvalidRequestFormat', 'events is no list of INVOKE and SHUTDOWN');
    if (events.includes('SHUTDOWN') && !this.#options.expected.includes(name)) {
      const message = 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension';
      return refuse(response, 403, 'Extension.InvalidEventType', message);
    }
    const id = this.#newId();
    this.#extensions.set(name, { id, events, busy: true });
    const { functionName, functionVersion, handler, accountId } = facts;
    const wantsAccount = String(request.headers['lambda-extension-accept-feature']).includes('accountId');
    const told = { functionName, functionVersion, handler, ...(wantsAccount ? { accountId } : {}) };
    answer(response, 200, told, { 'lambda-extension-identifier': id });
  }

  #next(request: IncomingMessage, response: ServerResponse): void {
    const extension = this.#find(request, response);
    if (!extension) return;
    if (this.#shutdown && extension.events.includes('SHUTDOWN')) return this.#hand(this.#shutdown, response);
    extension.waiting = response;
    extension.busy = false;
    this.#options.onWaiting();
  }

  /** A UUID, as Lambda's ids are; they only have to differ within one sandbox. */
  #newId(): string {
    return `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`;
  }

  #find(request: IncomingMessage, response: ServerResponse): Extension | undefined {
    const id = request.headers['lambda-extension-identifier'];
    const found = [...this.#extensions.values()].find((extension) => extension.id === id);
    if (!found) refuse(response, 403, 'Extension.UnknownExtensionIdentifier', `Unknown extension ${String(id)}`);
    return found;
  }
}

function eventsOf(body: Buffer | 'too-large' | 'cut-off'): string[] | undefined {
  try {
    const { events = [] } = JSON.parse(body.toString()) as { events?: string[] };
    return events.every((event) => event === 'INVOKE' || event === 'SHUTDOWN') ? events : undefined;
  } catch {
    return undefined;
  }
}
