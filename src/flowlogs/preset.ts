// A preset is a traffic model: who talks to whom in an imagined VPC. It draws single flows by random access; how many lines
// of which kind a file has, and how they are written, is decided elsewhere.

import type { RandomSource } from '../core/random.ts';
import type { Recorder } from './formats.ts';

/** Shares of kinds of lines, 0 to 1. `nodata` and `skipdata` are of all lines, the others of the lines with status OK. */
export interface Mix {
  readonly reject: number;
  readonly nodata: number;
  /**
   * AWS skips records at a capacity limit of its own, or after an error (Amazon VPC User Guide, "Flow log records", `log-status`). So a
   * share of the lines is enough where a log is evenly loaded, or far below any limit and its lines come and go with the day: there
   * SKIPDATA comes and goes with them. Where the load jumps, as in `ddos`, phases say how much more is skipped; a log of a few lines a
   * minute skips none.
   */
  readonly skipdata: number;
  /** As the preset's own conversations have it, where absent. */
  readonly ipv6?: number;
  /** ICMP and ICMPv6; as the preset's own conversations have it, where absent. */
  readonly icmp?: number;
}

/** Values of fields by AWS's names; a field that is not there reads `-`. */
export type FieldValues = Readonly<Record<string, string>>;

/** A network interface that traffic is recorded at. */
export interface NetworkInterface {
  /** `eni-` and 17 hex digits; `-` for a regional NAT gateway. */
  readonly interfaceId: string;
  /** Its primary private IPv4 address as a 32-bit integer. */
  readonly address: number;
  /** What it is: every field that depends on the interface alone. */
  readonly values: FieldValues;
  /** Index of its VPC among the transit gateway's attachments. */
  readonly attachment: number;
}

/**
 * One record of a flow, before it is written. One object that a model fills anew for each record: 50 ns a record would go to
 * the garbage collector otherwise. Addresses below 2^32 are IPv4, the others IPv6 (addresses.ts).
 */
export interface Flow {
  /** Whether fields beyond the default format's are read: a model may leave them as they are where they are not. */
  hasDetails: boolean;
  isRejected: boolean;
  /** Index of the recording interface. */
  interfaceIndex: number;
  srcAddress: number;
  dstAddress: number;
  /** The addresses that the packets carry, where a gateway stands between. */
  packetSrcAddress: number;
  packetDstAddress: number;
  srcPort: number;
  dstPort: number;
  protocol: number;
  packets: number;
  /** -1 where AWS does not tell: traffic that Block Public Access rejects. */
  bytes: number;
  /** -1 where the combination is invalid. */
  tcpFlags: number;
  /** Index into `trafficTypes`. */
  type: number;
  isEgress: boolean;
  /** 0 for none: every ingress record. */
  trafficPath: number;
  /** Indexes into `awsServices`. */
  srcService: number;
  dstService: number;
  /** Index into `rejectReasons`. */
  rejectReason: number;
  /** -1 where encryption controls are off. */
  encryptionStatus: number;
  /** Index of the interface that the packets come from or go to, or -1. */
  nextHopIndex: number;
  /** Windows that the record spans: more than 1 only where the log aggregates over 10 minutes. */
  windows: number;
  /** Indexes of the transit gateway's attachments that the flow comes in and goes out by. */
  srcAttachment: number;
  dstAttachment: number;
  lostNoRoute: number;
  lostBlackhole: number;
  lostMtuExceeded: number;
  lostTtlExpired: number;
}

/** Values of `type` (Amazon VPC User Guide, "Flow log records"). */
export const trafficTypes = ['IPv4', 'IPv6', 'EFA'] as const;

/** Values of `reject-reason`: VPC Block Public Access, encryption controls. */
export const rejectReasons = ['-', 'BPA', 'EC'] as const;

/** Values of `pkt-src-aws-service` and `pkt-dst-aws-service` (Amazon VPC User Guide, "Flow log records"); `-` is none. */
export const awsServices: readonly string[] = (
  '- AMAZON AMAZON_APPFLOW AMAZON_CONNECT API_GATEWAY AURORA_DSQL CHIME_MEETINGS CHIME_VOICECONNECTOR CLOUD9 CLOUDFRONT ' +
  'CLOUDFRONT_ORIGIN_FACING CODEBUILD DYNAMODB EBS EC2 EC2_INSTANCE_CONNECT GLOBALACCELERATOR IVS_LOW_LATENCY IVS_REALTIME ' +
  'KINESIS_VIDEO_STREAMS MEDIA_PACKAGE_V2 ROUTE53 ROUTE53_HEALTHCHECKS ROUTE53_HEALTHCHECKS_PUBLISHING ROUTE53_RESOLVER S3 ' +
  'WORKSPACES_GATEWAYS'
).split(' ');

/** Which records are asked for where the shares of IPv6 and ICMP are given: any, or of one family and kind. */
export const parts = { any: 0, ipv4: 1, icmp: 2, ipv6: 3, icmpv6: 4 } as const;
export const partCount = 5;

/** The lines that are made together: those of one minute in one file, 1,024 at most. */
export interface Batch {
  /** Never the same for two batches of a traffic. */
  id: number;
  /** The minute (since the Unix epoch) in which its windows end. */
  minute: number;
  /** Batches of a lane follow each other minute by minute: what lasts longer than a window stays in its lane. */
  lane: number;
  /** Accepted records of each part. */
  readonly accepted: Int32Array;
  /** Whether one record is to have at least 2^31 bytes: the first of those that are accepted. */
  hasBulk: boolean;
}

/** The attachments of a transit gateway, and what it says of itself. */
export interface TransitGateway {
  readonly values: FieldValues;
  /** Fields of each attachment as a source would show them: attachment-id, vpc-account-id, vpc-id, subnet-id, eni, az-id. */
  readonly attachments: readonly FieldValues[];
}

/** A model with a seed. Every draw depends on its keys alone. */
export interface Traffic {
  /** The account that the flow log belongs to. */
  readonly accountId: string;
  readonly region: string;
  /** `fl-` and 17 hex digits. */
  readonly flowLogId: string;
  readonly interfaces: readonly NetworkInterface[];
  /** Indexes of those that the flow log records. */
  readonly recorded: Int32Array;
  /** What an interface without traffic is. */
  idleValues(index: number): FieldValues;
  readonly transitGateway: TransitGateway;
  /** The first four groups of IPv6 addresses, each with its colon behind it. */
  readonly ipv6Prefixes: readonly string[];
  /** Whether it speaks IPv6 where nobody asks for it. */
  readonly hasIpv6: boolean;
  /** Roles of the preset, with the indexes of those of their interfaces that the flow log could record. */
  readonly roles: ReadonlyMap<string, Int32Array>;
  /** Whether it has conversations that become a flow of 2^31 bytes where a batch is to have one. */
  readonly hasBulk: boolean;
  /**
   * Fills `flow` with accepted record `index` of a batch and part. Neighbouring indexes are views of the same conversations:
   * both directions, at each interface that sees them.
   */
  accepted(flow: Flow, batch: Batch, part: number, index: number): void;
  /** Fills `flow` with rejected record `index` of a batch and part. */
  rejected(flow: Flow, batch: Batch, part: number, index: number): void;
}

/** What a plan asks of the traffic beyond its mix. */
export interface TrafficOptions {
  /** 1 or 10: AWS's MaxAggregationInterval of 60 or 600 s. */
  readonly aggregationMinutes: number;
  /** What the flow log was created on: the VPC, or the first subnet or interface of the preset. */
  readonly scope: Scope;
  readonly recorder: Recorder;
  /** Interfaces with traffic, in each flow log; the preset's own number where undefined. */
  readonly interfaces: number | undefined;
  /** Where a plan has mixes of some interfaces' own: whose records are asked for. */
  readonly among?: Among;
  /** Where a plan has shares of accepted records by port. */
  readonly ports?: PortLimit;
}

/** Interfaces by their names: these alone, or all others. They speak with nobody on the other side. */
export interface Among {
  readonly names: readonly string[];
  readonly isOthers: boolean;
}

/** At the servers' ends of accepted conversations stands one port, or anywhere none of several. */
export type PortLimit = { readonly only: number } | { readonly noneOf: readonly number[] };

export const scopes = ['vpc', 'subnet', 'interface'] as const;
export type Scope = (typeof scopes)[number];

/** How many lines the files of a preset have: as many as fit, one file a minute; or what its interfaces have to tell. */
export type Pace =
  | { readonly kind: 'full' }
  | {
      readonly kind: 'steady';
      readonly linesPerMinute: number;
      /** Part by which the day's rate swings about its mean; none where absent. */
      readonly swing?: number;
    };

/** A mix that changes: what holds from a minute of the corpus on, until the next phase. Shares stand for the mix's own. */
export type Phase = { readonly fromMinute: number } & Partial<Pick<Mix, 'reject' | 'nodata' | 'skipdata'>>;

/** One entry of `flowrig list presets`. */
export interface Preset {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Rises when the bytes of one seed change. */
  readonly version: number;
  /** Where a plan names none; `default` where absent. */
  readonly format?: string;
  /** The mix where a plan names none. */
  readonly mix: Mix;
  /** How the mix changes, where the plan does not give it. */
  readonly phases?: readonly Phase[];
  readonly pace: Pace;
  /** One traffic a flow log; objects take turns. */
  open(random: RandomSource, options: TrafficOptions): readonly Traffic[];
}

export function newFlow(): Flow {
  return {
    hasDetails: true,
    isRejected: false,
    interfaceIndex: 0,
    srcAddress: 0,
    dstAddress: 0,
    packetSrcAddress: 0,
    packetDstAddress: 0,
    srcPort: 0,
    dstPort: 0,
    protocol: 0,
    packets: 0,
    bytes: 0,
    tcpFlags: 0,
    type: 0,
    isEgress: false,
    trafficPath: 0,
    srcService: 0,
    dstService: 0,
    rejectReason: 0,
    encryptionStatus: -1,
    nextHopIndex: -1,
    windows: 1,
    srcAttachment: 0,
    dstAttachment: 0,
    lostNoRoute: 0,
    lostBlackhole: 0,
    lostMtuExceeded: 0,
    lostTtlExpired: 0,
  };
}
