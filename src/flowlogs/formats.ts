// Which fields a file has, and in which order: AWS's default format, all VPC fields up to a version, Transit Gateway's default
// format, or a custom one in AWS's own notation.

import { nearestWord } from '../core/errors.ts';
import { defaultFormat, fields, findField, transitGatewayFields } from './fields.ts';

/** What is recorded: the interfaces of a VPC, or the attachments of a transit gateway. */
export type Recorder = 'vpc' | 'transit-gateway';

/** The fields of a file. */
export interface Format {
  /** Names in header and record order. */
  readonly fields: readonly string[];
  readonly recorder: Recorder;
  /** The value of the field `version`: 2 in the default format, else the highest of the fields'. */
  readonly version: number;
}

/** All fields of versions 2 to 6, the only order that AWS's page shows (Transit Gateways guide, "Flow log records"). */
const transitGatewayFormat = (
  'version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id ' +
  'tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id ' +
  'srcaddr dstaddr srcport dstport protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole ' +
  'packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service'
).split(' ');

const ofTransitGateway: ReadonlySet<string> = new Set(transitGatewayFormat);
const onlyOfTransitGateway: ReadonlySet<string> = new Set(transitGatewayFields.map(({ name }) => name));

function upTo(version: number): readonly string[] {
  return fields.flatMap((field) => (field.version <= version ? [field.name] : []));
}

const named: ReadonlyMap<string, readonly string[]> = new Map([
  ['default', defaultFormat],
  ...[3, 4, 5, 7, 8, 10, 11].map((version) => [`v${version}`, upTo(version)] as const),
  ['tgw', transitGatewayFormat],
]);

/** The names of fixed formats. */
export const formatNames: readonly string[] = [...named.keys()];

/** Reads a format: one of the names, or `${field}` items with one space between them. What is wrong comes as sentences. */
export function parseFormat(text: string): Format | { readonly problems: readonly string[] } {
  const fixed = named.get(text);
  if (fixed) return formatOf(fixed);
  const problems = mistakes(text);
  if (problems.length > 0) return { problems };
  return formatOf(text.split(' ').map((item) => item.slice(2, -1)));
}

function formatOf(names: readonly string[]): Format {
  const recorder = names.some((name) => onlyOfTransitGateway.has(name)) ? 'transit-gateway' : 'vpc';
  return { fields: names, recorder, version: Math.max(2, ...names.map((name) => findField(name)!.version)) };
}

function mistakes(text: string): string[] {
  const items = text.split(' ');
  const [first] = items;
  if (!text.includes('${')) {
    const near = nearestWord(text, formatNames);
    return [
      `There is no format "${text}". ${near ? `Did you mean "${near}"?` : `Take one of ${formatNames.join(', ')}, or AWS's notation: '\${version} \${vpc-id} ...'.`}`,
    ];
  }
  if (named.has(first!)) return fixedFormatMistakes(first!, items.slice(1));
  const malformed = items.filter((item) => !/^\$\{[^${}]*\}$/.test(item));
  if (malformed.length > 0) {
    const shown = malformed.map((item) => (item === '' ? 'an empty item (two spaces, or one at an end)' : `"${item}"`));
    return [`A custom format is \${field} items with one space between them; it has ${shown.join(', ')}.`];
  }
  return nameMistakes(items.map((item) => item.slice(2, -1)));
}

/** Someone who adds to a fixed format is told which version the field came with, and what to write instead. */
function fixedFormatMistakes(fixed: string, items: readonly string[]): string[] {
  const held = named.get(fixed)!;
  const added = items.map((item) => item.replace(/^\$\{|\}$/g, ''));
  const said = added.map((name) => {
    const field = findField(name);
    if (!field) return `"${name}" is no field`;
    return held.includes(name) ? `${name} is in it already` : `${name} came with version ${field.version}`;
  });
  return [
    `The format ${fixed} is fixed, and nothing can be added to it: ${said.join(', ')}. Take a later one of ${formatNames.join(', ')}, or write every field as \${field}.`,
  ];
}

function nameMistakes(names: readonly string[]): string[] {
  const known = [...fields, ...transitGatewayFields].map(({ name }) => name);
  const problems = names.flatMap((name, i) => {
    if (!findField(name)) {
      const near = nearestWord(name, known);
      return [
        `There is no field "${name}". ${near ? `Did you mean "${near}"?` : 'AWS lists them in "Flow log records".'}`,
      ];
    }
    return names.indexOf(name) === i ? [] : [`The field "${name}" stands twice; AWS takes each field once.`];
  });
  if (!names.some((name) => onlyOfTransitGateway.has(name))) return problems;
  const mixed = names.filter((name) => findField(name) && !ofTransitGateway.has(name));
  if (mixed.length === 0) return problems;
  const own = names.find((name) => onlyOfTransitGateway.has(name))!;
  return [
    ...problems,
    `"${own}" is a field of Transit Gateway flow logs, which have no ${mixed.map((name) => `"${name}"`).join(', ')}: leave out one or the other.`,
  ];
}
