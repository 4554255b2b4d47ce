// What a conversation carries in a window: packets, bytes and flags of both directions, which must agree with each other.

import { mix32 } from '../../core/random.ts';
import { protocols, tcpFlags, type Conversation } from './conversation.ts';
import { datagramBytes, tcpPackets, udpPackets } from './flow-sizes.ts';

/** IP and TCP headers with timestamps; what is left for payload in a packet of 1,500 bytes. */
const headerBytes = 52;
const segmentBytes = 1448;
const packetBytes = headerBytes + segmentBytes;
/** A SYN with all options, and a reset without any. */
const synBytes = 60;
const resetBytes = 40;

const opened = { forward: tcpFlags.syn, backward: tcpFlags.synAck } as const;

function setFlags(conversation: Conversation, forward: number, backward: number): void {
  conversation.forwardFlags = forward;
  conversation.backwardFlags = backward;
}

/** Counters of a TCP connection, handshake and end included, that carries a response: every second segment is acknowledged. */
export function carryTcp(conversation: Conversation, requestBytes: number, responseBytes: number): void {
  const segments = Math.ceil(responseBytes / segmentBytes);
  conversation.protocol = protocols.tcp;
  conversation.backwardPackets = segments + 3;
  conversation.backwardBytes = responseBytes + headerBytes * conversation.backwardPackets;
  conversation.forwardPackets = 4 + (segments >>> 1);
  conversation.forwardBytes = requestBytes + headerBytes * conversation.forwardPackets;
  setFlags(conversation, opened.forward | tcpFlags.fin, opened.backward | tcpFlags.fin);
}

/** Counters of datagrams (or pings) of one size each way; an answer of 0 bytes is none. */
export function carryDatagrams(
  conversation: Conversation,
  packets: number,
  askBytes: number,
  answerBytes: number,
): void {
  conversation.protocol = protocols.udp;
  conversation.forwardPackets = packets;
  conversation.forwardBytes = packets * askBytes;
  conversation.backwardPackets = packets;
  conversation.backwardBytes = packets * answerBytes;
  setFlags(conversation, 0, 0);
}

/** Pings of one size and their answers. */
export function carryPings(conversation: Conversation, packets: number, sizeBytes: number): void {
  carryDatagrams(conversation, packets, sizeBytes, sizeBytes);
  conversation.protocol = conversation.isIpv6 ? protocols.icmpv6 : protocols.icmp;
  conversation.clientPort = 0;
  conversation.serverPort = 0;
}

/** One SYN, with more or fewer options. */
export function carryKnock(conversation: Conversation, bits: number): void {
  carryDatagrams(conversation, 1, [40, 44, 52, 60][bits & 3]!, 0);
  conversation.protocol = protocols.tcp;
  conversation.forwardFlags = tcpFlags.syn;
}

/** What one window sees of a TCP flow whose length is drawn as campus traffic has it (flow-sizes.ts). */
export function carryTcpFlow(conversation: Conversation, bits: number): void {
  const packets = tcpPackets(mix32(bits, 21));
  conversation.protocol = protocols.tcp;
  if (packets < 4) carryFewPackets(conversation, packets, bits);
  else carryManyPackets(conversation, packets, bits);
}

/** Too few packets for a whole connection: the end of one, a keep-alive, or an attempt that the server's host turns down. */
function carryFewPackets(conversation: Conversation, packets: number, bits: number): void {
  const kind = (bits >>> 8) & 15;
  conversation.forwardPackets = packets;
  conversation.backwardPackets = packets;
  if (kind < 3) {
    setFlags(conversation, tcpFlags.syn, tcpFlags.rst);
    conversation.forwardBytes = packets * synBytes;
    conversation.backwardBytes = packets * resetBytes;
    return;
  }
  const isEnd = kind > 11;
  setFlags(conversation, isEnd ? tcpFlags.fin : 0, isEnd ? tcpFlags.fin : 0);
  const payloadBytes = kind < 9 ? 40 + ((bits >>> 12) & 127) : 0;
  conversation.forwardBytes = packets * headerBytes + payloadBytes;
  conversation.backwardBytes = packets * headerBytes + payloadBytes * (1 + ((bits >>> 19) & 3));
}

/** Mostly whole connections; else the beginning, the middle or the end of one that other windows see the rest of. */
function carryManyPackets(conversation: Conversation, packets: number, bits: number): void {
  const kind = (bits >>> 8) & 31;
  const begins = kind < 24;
  const ends = kind < 20 || kind > 27;
  const isReset = (kind & 7) === 7;
  const end = ends ? (isReset ? tcpFlags.rst : tcpFlags.fin) : 0;
  setFlags(
    conversation,
    (begins ? opened.forward : 0) | (ends ? tcpFlags.fin : 0),
    (begins ? opened.backward : 0) | end,
  );
  // One direction carries, the other acknowledges every second packet; which of them carries is the talk's nature, mostly
  // the server's answer.
  const acknowledging = Math.max(4, Math.ceil(packets * (0.5 + ((bits >>> 13) & 255) / 512)));
  const fill = mix32(bits, 22);
  const payload = packetPayload(packets, fill);
  const carrying = Math.round(packets * (headerBytes + payload));
  const quiet = Math.round(acknowledging * headerBytes + Math.min(acknowledging * 400, 80 + (fill >>> 22)));
  const isUpload = (fill & 7) === 0;
  conversation.forwardPackets = isUpload ? packets : acknowledging;
  conversation.forwardBytes = isUpload ? carrying : quiet;
  conversation.backwardPackets = isUpload ? acknowledging : packets;
  conversation.backwardBytes = isUpload ? quiet : carrying;
}

/** Mean payload of a packet: the more packets, the fuller they are; never more than a segment holds. */
function packetPayload(packets: number, draw: number): number {
  const share = (draw >>> 8) / 0x1_00_00_00;
  const full = packets / (packets + 12);
  return segmentBytes * Math.min(0.99, full * (0.25 + 0.75 * Math.sqrt(share)) + 0.08 * share);
}

/** What one window sees of a UDP flow of campus traffic. */
export function carryUdpFlow(conversation: Conversation, bits: number): void {
  const packets = udpPackets(mix32(bits, 21));
  const asked = datagramBytes(mix32(bits, 22), packets);
  const answered = datagramBytes(mix32(bits, 23), packets);
  carryDatagrams(conversation, packets, asked, answered);
}

/** An IPv6 header has 20 bytes more than one of IPv4; what fills the packets gives way. */
export function widenHeaders(conversation: Conversation): void {
  conversation.forwardBytes = widened(conversation.forwardBytes, conversation.forwardPackets);
  conversation.backwardBytes = widened(conversation.backwardBytes, conversation.backwardPackets);
}

function widened(bytes: number, packets: number): number {
  return Math.min(bytes + 20 * packets, Math.max(bytes, packetBytes * packets));
}

/** How far a connection is that lasts for several windows. */
export type Stage = 'begin' | 'middle' | 'end' | 'whole';

/** One window's part of a connection that stays open: now and then a request, or no more than keep-alives. */
export function carryOn(conversation: Conversation, bits: number, stage: Stage): void {
  if (conversation.protocol === protocols.udp) {
    carryDatagrams(conversation, 2 + (bits & 63), 80 + ((bits >>> 6) & 127), 90 + ((bits >>> 13) & 255));
    return;
  }
  const begins = stage === 'begin' || stage === 'whole';
  const ends = stage === 'end' || stage === 'whole';
  const packets = tcpPackets(mix32(bits, 24)) + (begins ? 3 : 0) + (ends ? 2 : 0);
  const fill = mix32(bits, 25);
  conversation.protocol = protocols.tcp;
  conversation.forwardPackets = packets;
  conversation.backwardPackets = Math.max(begins ? 3 : 1, Math.ceil(packets * (0.6 + (fill & 255) / 640)));
  conversation.forwardBytes = Math.round(packets * (headerBytes + (packets < 3 ? 0 : 200 * ((fill >>> 8) & 7))));
  conversation.backwardBytes = Math.round(
    conversation.backwardPackets * (headerBytes + (packets < 3 ? 0 : packetPayload(packets, fill))),
  );
  const isReset = (fill & 0xf000) === 0;
  setFlags(
    conversation,
    (begins ? opened.forward : 0) | (ends ? tcpFlags.fin : 0),
    (begins ? opened.backward : 0) | (ends ? (isReset ? tcpFlags.rst : tcpFlags.fin) : 0),
  );
}
