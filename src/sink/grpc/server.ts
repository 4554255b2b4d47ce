// OTLP/gRPC's LogsService by @grpc/grpc-js. Messages stay bytes: they go to the decoder that OTLP/HTTP's go to.

import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { Socket } from 'node:net';

import type { Listener } from '../editions/edition.ts';
import { serve, type SinkState } from '../exchange.ts';
import { firstHeaders, type SinkRequest } from '../request.ts';
import { Connections } from './connections.ts';
import { exportPath } from './path.ts';
import { grpcPeer } from './peer.ts';

export interface GrpcServer {
  /** Serves a connection that speaks HTTP/2 from its first byte. */
  accept(connection: Socket): void;
  close(): void;
}

/**
 * What is longer @grpc/grpc-js refuses itself, as RESOURCE_EXHAUSTED too, and no delivery tells of it: the sink's own limit is a
 * quarter of this.
 */
const messageLimitBytes = 64 * 1024 * 1024;

const service: ServiceDefinition = {
  export: {
    path: exportPath,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

/** `track` is given each call's end. */
export function newGrpcServer(
  state: SinkState,
  listener: Listener,
  track: (ended: Promise<void>, onFailure: () => void) => void,
): GrpcServer {
  const server = new Server({ 'grpc.max_receive_message_length': messageLimitBytes, 'grpc.enable_channelz': 0 });
  const connections = new Connections();
  server.addService(service, {
    export(call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) {
      const connection = connections.at(call.getPeer());
      if (!connection) return;
      const peer = grpcPeer(call, respond, connection);
      track(serveCall(state, listener, { message: call.request, peer }), () => connection.reset());
    },
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    accept(connection) {
      connections.add(connection);
      injector.injectConnection(connection);
    },
    close: () => server.forceShutdown(),
  };
}

async function serveCall(
  state: SinkState,
  listener: Listener,
  { message, peer }: { message: Buffer; peer: ReturnType<typeof grpcPeer> },
): Promise<void> {
  const open = state.openRequests.open();
  try {
    // Waiting for room is the sink's own doing, whatever the client does meanwhile.
    open.working();
    await state.inbox.room();
    await serve(state, listener, {
      request: requestOf(message, peer, listener),
      peer,
      open,
      openedMs: state.clock.nowMs(),
      answerByMs: Infinity,
      sighting: undefined,
    });
  } finally {
    open.closed();
  }
}

function requestOf(
  message: Buffer,
  { rawHeaders }: ReturnType<typeof grpcPeer>,
  { limitBytes }: Listener,
): SinkRequest {
  return {
    method: 'POST',
    origin: '',
    path: exportPath,
    query: '',
    headers: firstHeaders(rawHeaders),
    body: message.length <= limitBytes ? message : undefined,
    sizeBytes: message.length,
  };
}

function asIs(message: Buffer): Buffer {
  return message;
}
