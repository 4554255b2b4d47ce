// Rules that tie the values of one record together: what AWS's pages say of windows, counters, ports, flags and directions. Each
// is one entry; values of their own are the field rules' matter. Pages: Amazon VPC User Guide, "Flow log records", "Flow log record
// examples" and, for what is never logged, "Flow log limitations".

import { isIP } from 'node:net';

import { vpcTcpFlags } from './field-rules.ts';

/** A record as its rules see it: the value of a field, or undefined where the format has no such field. */
export type Values = (field: string) => string | undefined;

export interface RecordRule {
  /** Stable words. */
  readonly id: string;
  /** What AWS does, in a sentence. */
  readonly statement: string;
  /** What is wrong with the record; undefined where nothing is. Values are valid or `-` by themselves. */
  readonly breach: (values: Values) => string | undefined;
}

/** A value other than `-`. */
function known(values: Values, field: string): string | undefined {
  const value = values(field);
  return value === '-' ? undefined : value;
}

/** The longest aggregation interval is 10 minutes (CreateFlowLogs, MaxAggregationInterval). */
const intervalMaxS = 600;

/** What an OK record always has: who talked to whom, and what became of it. */
const measured = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'action'];

/** Headers behind that of IP, by the number of the protocol (RFC 9293, RFC 768, RFC 792, RFC 4443). */
const headerBytes: Readonly<Record<string, number>> = { 6: 20, 17: 8, 1: 8, 58: 8 };

function rule(id: string, statement: string, breach: RecordRule['breach']): RecordRule {
  return { id, statement, breach };
}

export const recordRules: readonly RecordRule[] = [
  rule('window-backwards', 'a window ends after it starts', (values) => {
    const [start, end] = [known(values, 'start'), known(values, 'end')];
    return start && end && Number(end) < Number(start) ? `end ${end} is before start ${start}` : undefined;
  }),
  rule('window-too-long', `a window is no longer than ${intervalMaxS} s`, (values) => {
    const [start, end] = [known(values, 'start'), known(values, 'end')];
    const lengthS = start && end ? Number(end) - Number(start) : 0;
    return lengthS > intervalMaxS ? `start ${start} and end ${end} are ${lengthS} s apart` : undefined;
  }),
  rule('ok-without-value', `a record with status OK has ${measured.join(', ')}`, (values) => {
    if (values('log-status') !== 'OK') return undefined;
    const absent = measured.filter((field) => values(field) === '-');
    return absent.length === 0 ? undefined : `${absent.join(', ')} is - though the status is OK`;
  }),
  rule('bytes-missing', 'bytes are missing only where Block Public Access rejected', (values) => {
    if (values('log-status') !== 'OK' || values('bytes') !== '-') return undefined;
    const reason = values('reject-reason');
    const isBlocked = values('action') === 'REJECT' && (reason === undefined || reason === 'BPA');
    return isBlocked ? undefined : 'bytes is -, and the traffic was not rejected for BPA';
  }),
  rule('no-packets', 'an OK record counts at least one packet and one byte', (values) => {
    const empty = ['packets', 'bytes'].filter((field) => values(field) === '0');
    return values('log-status') === 'OK' && empty.length > 0 ? `${empty.join(' and ')} is 0` : undefined;
  }),
  rule(
    'bytes-per-packet',
    'a packet has at least its headers, of IP 20 bytes (IPv6: 40), of TCP 20, of UDP and ICMP 8, and at most 65,535 bytes',
    (values) => {
      const [packets, bytes] = [known(values, 'packets'), known(values, 'bytes')];
      if (!packets || !bytes || packets === '0') return undefined;
      const each = Number(bytes) / Number(packets);
      const ofIp = isIP(known(values, 'srcaddr') ?? '') === 6 ? 40 : 20;
      const least = ofIp + (headerBytes[known(values, 'protocol') ?? ''] ?? 0);
      return each < least || each > 65_535 ? `${bytes} bytes in ${packets} packets` : undefined;
    },
  ),
  rule('icmp-with-port', 'ICMP has no ports: both are 0', (values) => {
    const protocol = values('protocol');
    if (protocol !== '1' && protocol !== '58') return undefined;
    const ports = ['srcport', 'dstport'].filter((field) => Number(known(values, field) ?? 0) !== 0);
    return ports.length === 0
      ? undefined
      : `protocol ${protocol} with ${ports.map((port) => `${port} ${values(port)}`).join(', ')}`;
  }),
  rule('icmp-of-other-family', 'ICMP (1) is of IPv4, ICMPv6 (58) of IPv6', (values) => {
    const protocol = values('protocol');
    const family = isIP(known(values, 'srcaddr') ?? '');
    if ((protocol !== '1' && protocol !== '58') || family === 0) return undefined;
    return family === (protocol === '1' ? 4 : 6) ? undefined : `protocol ${protocol} from ${values('srcaddr')}`;
  }),
  rule('addresses-of-two-families', 'source and destination are both IPv4 or both IPv6', (values) => {
    for (const [source, destination] of [
      ['srcaddr', 'dstaddr'],
      ['pkt-srcaddr', 'pkt-dstaddr'],
    ] as const) {
      const [from, to] = [known(values, source), known(values, destination)];
      if (from && to && isIP(from) !== isIP(to)) return `${from} to ${to}`;
    }
    return undefined;
  }),
  rule('type-of-other-family', 'type says of which family the addresses are', (values) => {
    const [type, from] = [known(values, 'type'), known(values, 'srcaddr')];
    const family = type === 'IPv4' ? 4 : type === 'IPv6' ? 6 : undefined;
    return family && from && isIP(from) !== family ? `type ${type} with ${from}` : undefined;
  }),
  rule(
    'tcp-flags-impossible',
    'tcp-flags are FIN 1, SYN 2, RST 4 and SYN-ACK 18, OR-ed (of a Transit Gateway also 8, 16, 32)',
    (values) => {
      const flags = known(values, 'tcp-flags');
      if (flags === undefined || values('tgw-id') !== undefined || values('resource-type') !== undefined)
        return undefined;
      return vpcTcpFlags.has(flags) ? undefined : `tcp-flags ${flags}`;
    },
  ),
  rule('flags-without-tcp', 'only TCP has flags', (values) => {
    const [flags, protocol] = [known(values, 'tcp-flags'), known(values, 'protocol')];
    return flags && flags !== '0' && protocol && protocol !== '6'
      ? `tcp-flags ${flags} of protocol ${protocol}`
      : undefined;
  }),
  rule('path-of-ingress', 'traffic-path is told of egress traffic alone', (values) => {
    const path = known(values, 'traffic-path');
    return path && values('flow-direction') === 'ingress' ? `traffic-path ${path} of ingress traffic` : undefined;
  }),
  rule('reason-of-accepted', 'only a rejected flow has a reject-reason', (values) => {
    const reason = known(values, 'reject-reason');
    return reason && values('action') === 'ACCEPT' ? `reject-reason ${reason} of an accepted flow` : undefined;
  }),
  rule('never-logged', 'traffic to Amazon’s DNS, metadata and time servers, and DHCP, is not logged', (values) => {
    const addresses = [known(values, 'srcaddr'), known(values, 'dstaddr')];
    const local = addresses.find((address) => address !== undefined && /^169\.254\.169\.(254|253|123)$/.test(address));
    if (local) return `traffic with ${local}`;
    const ports = [known(values, 'srcport'), known(values, 'dstport')];
    const isDhcp = values('protocol') === '17' && ports.includes('67') && ports.includes('68');
    return isDhcp ? 'DHCP, ports 67 and 68' : undefined;
  }),
  rule('service-of-private-address', 'private addresses are none of an AWS service', (values) => {
    for (const [field, service] of [
      ['pkt-srcaddr', 'pkt-src-aws-service'],
      ['pkt-dstaddr', 'pkt-dst-aws-service'],
    ] as const) {
      const [address, name] = [known(values, field), known(values, service)];
      if (address && name && isPrivate(address)) return `${service} ${name} of ${address}`;
    }
    return undefined;
  }),
  rule('sublocation-in-part', 'sublocation-type and sublocation-id come together, and without an az-id', (values) => {
    const [type, id] = [values('sublocation-type'), values('sublocation-id')];
    if (type !== undefined && id !== undefined && (type === '-') !== (id === '-'))
      return `sublocation-type ${type} with sublocation-id ${id}`;
    const zone = known(values, 'az-id');
    const place = known(values, 'sublocation-id');
    return zone && place ? `az-id ${zone} with sublocation-id ${place}` : undefined;
  }),
];

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address);
}
