// The shape of a route of the admin API: what serves it is also what its OpenAPI document says of it.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';

import type { Sink, SinkFaultConfig } from '../index.ts';
import type { DeliveryLog } from './delivery-log.ts';

export interface AdminAnswer {
  readonly description: string;
  /** Absent where there is no body. */
  readonly content?: { readonly type: string; readonly schema: TSchema };
}

export interface AdminRoute {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly answers: Readonly<Record<number, AdminAnswer>>;
  /** What it returns is sent as JSON with 200, a text as it is; a handler that sends for itself takes the reply over. */
  serve(request: FastifyRequest, reply: FastifyReply): unknown;
}

/** What the routes work on. */
export interface AdminState {
  readonly sink: Sink;
  readonly log: DeliveryLog;
  /** Reads faults in the words of a scenario; throws a FlowrigError with every mistake. */
  readonly readFaults: (written: unknown) => readonly SinkFaultConfig[];
  readonly version: string;
  /** Memory of the process that is resident now. */
  readonly residentBytes: () => number;
}
