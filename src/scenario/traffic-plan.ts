// What a scenario says of its traffic, with defaults filled in and quantities read: a preset and what is laid over it, or files.

import { globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { parseCount, parseDurationMs, parseInstantMs, parseShare, type Quantity } from '../core/units.ts';
import { defaultFormat } from '../flowlogs/fields.ts';
import { parseFormat } from '../flowlogs/formats.ts';
import type { InterfaceMix } from '../flowlogs/interface-mixes.ts';
import type { Filter } from '../flowlogs/object-plans.ts';
import type { Phase, Scope } from '../flowlogs/preset.ts';
import { findPreset } from '../flowlogs/presets/index.ts';
import type { PortShare } from '../flowlogs/port-shares.ts';
import type { FileFormat, KeyLayout } from '../flowlogs/s3-key.ts';
import { trafficMistakes } from '../flowlogs/traffic-mistakes.ts';
import type { Complain } from './complain.ts';
import type { ResolvedFault } from './faults.ts';
import type { MergedScenario } from './load.ts';

type Mapping = Record<string, unknown>;

export interface TrafficConfig {
  /** Absolute paths; then preset, counts and shares do not apply. */
  readonly files?: readonly string[];
  readonly preset: string;
  readonly records: number;
  readonly reject?: number;
  readonly nodata?: number;
  readonly skipdata?: number;
  readonly ipv6?: number;
  readonly icmp?: number;
  readonly rejectedPorts?: readonly PortShare[];
  readonly acceptedPorts?: readonly PortShare[];
  readonly interfaceMixes?: readonly InterfaceMix[];
  readonly phases?: readonly Phase[];
  readonly interfaces?: number;
  readonly filter?: Filter;
  readonly scope?: Scope;
  readonly aggregationS?: number;
  /** The preset's own where absent. */
  readonly format?: string;
  /** Of files without a header line. */
  readonly fields: readonly string[];
  readonly startMs: number;
  readonly maxRecords: number;
  readonly outside?: number;
  readonly ahead?: number;
  readonly layout: KeyLayout;
  readonly file: FileFormat;
  /** Those of the room `object`: they are part of what is written. */
  readonly faults: readonly ResolvedFault[];
}

type PlannedTraffic = Omit<TrafficConfig, 'faults'>;

export function resolveTraffic(traffic: Mapping): Mapping {
  const start = '2026-01-01T00:00:00Z';
  if (traffic['files'] !== undefined) return { format: 'default', start, ...traffic };
  const preset = String(traffic['preset'] ?? 'web-vpc');
  return { preset, records: '200k', format: findPreset(preset)?.format ?? 'default', start, ...traffic };
}

/** Of the records that stand in a file of another slot. */
const placeShares = ['outside', 'ahead'] as const;

const shareNames = ['reject', 'nodata', 'skipdata', 'ipv6', 'icmp'] as const;

function sharesOf(from: Mapping, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, parseShare(from[name] as Quantity)!]])),
  );
}

export function planTraffic(
  traffic: Mapping,
  objects: Mapping,
  merged: MergedScenario,
  complain: Complain,
): PlannedTraffic {
  const format = parseFormat(String(traffic['format']));
  const common = {
    fields: 'fields' in format ? format.fields : defaultFormat,
    startMs: parseInstantMs(String(traffic['start'])) ?? NaN,
    maxRecords: parseCount(objects['maxRecords'] as Quantity)!,
    layout: {
      prefix: String(objects['prefix'] ?? '').replace(/([^/])$/, '$1/'),
      hive: objects['hive'] === true,
      hourly: objects['hourly'] === true,
    },
    file: objects['file'] as FileFormat,
    ...sharesOf(objects, placeShares),
  };
  if ('problems' in format) {
    for (const problem of format.problems) complain(['traffic', 'format'], `traffic.format: ${problem}`);
  }
  if (Number.isNaN(common.startMs))
    complain(['traffic', 'start'], `traffic.start: "${String(traffic['start'])}" is no date.`);
  if (common.maxRecords < 1) complain(['objects', 'maxRecords'], 'objects.maxRecords: a file holds at least 1 record.');
  if (traffic['files'] === undefined) return planPreset(traffic, common, complain);
  for (const key of [...onlyOfPresets, ...shareNames]) {
    if (traffic[key] !== undefined) {
      complain(
        ['traffic', key],
        `traffic.${key} cannot stand beside traffic.files: the files are replayed as they are.`,
      );
    }
  }
  for (const key of placeShares) {
    if (objects[key] === undefined) continue;
    complain(['objects', key], `objects.${key} cannot stand beside traffic.files: the files are replayed as they are.`);
  }
  const files = findFiles(traffic['files'] as string[], merged.folderOf('traffic'), complain);
  return { ...common, preset: '', records: 0, files };
}

const onlyOfPresets =
  'preset records rejectedPorts acceptedPorts interfaceMixes phases interfaces filter scope aggregation'.split(' ');

type Common = Pick<TrafficConfig, 'fields' | 'startMs' | 'maxRecords' | 'layout' | 'file' | 'outside' | 'ahead'>;

function planPreset(traffic: Mapping, common: Common, complain: Complain): PlannedTraffic {
  // What is too large for a count is told with the range of the others.
  const records = parseCount(traffic['records'] as Quantity) ?? Number(traffic['records']);
  if (records < 1) complain(['traffic', 'records'], 'traffic.records: a corpus has at least 1 record.');
  const phases = traffic['phases'] as readonly Mapping[] | undefined;
  const plan = {
    ...common,
    ...sharesOf(traffic, shareNames),
    ...portShares(traffic, 'rejectedPorts'),
    ...portShares(traffic, 'acceptedPorts'),
    ...interfaceMixes(traffic),
    ...(phases && { phases: phases.map(planPhase) }),
    ...words(traffic),
    preset: String(traffic['preset']),
    records,
    format: String(traffic['format']),
  };
  for (const { key, message } of trafficMistakes(plan, findPreset(plan.preset)))
    complain(['traffic', ...key], `traffic.${message}`);
  return plan;
}

function portShares(
  traffic: Mapping,
  key: 'rejectedPorts' | 'acceptedPorts',
): Partial<Record<typeof key, PortShare[]>> {
  const ports = traffic[key] as Readonly<Record<string, Quantity>> | undefined;
  if (!ports) return {};
  return { [key]: Object.entries(ports).map(([port, share]) => ({ port: Number(port), share: parseShare(share)! })) };
}

function interfaceMixes(traffic: Mapping): Pick<TrafficConfig, 'interfaceMixes'> {
  const mixes = traffic['interfaceMixes'] as Readonly<Record<string, Mapping>> | undefined;
  if (!mixes) return {};
  return {
    interfaceMixes: Object.entries(mixes).map(([name, own]) => ({
      name,
      lines: parseShare(own['lines'] as Quantity)!,
      ...sharesOf(own, ['reject', 'nodata', 'skipdata']),
    })),
  };
}

function words(traffic: Mapping): Pick<TrafficConfig, 'interfaces' | 'filter' | 'scope' | 'aggregationS'> {
  const aggregation = traffic['aggregation'] as Quantity | undefined;
  const interfaces = traffic['interfaces'] as Quantity | undefined;
  return {
    ...(interfaces !== undefined && { interfaces: parseCount(interfaces)! }),
    ...(traffic['filter'] !== undefined && { filter: traffic['filter'] as Filter }),
    ...(traffic['scope'] !== undefined && { scope: traffic['scope'] as Scope }),
    ...(aggregation !== undefined && { aggregationS: parseDurationMs(aggregation)! / 1000 }),
  };
}

function planPhase(phase: Mapping): Phase {
  return {
    fromMinute: Math.round(parseDurationMs(phase['from'] as Quantity)! / 60_000),
    ...sharesOf(phase, ['reject', 'nodata', 'skipdata']),
  };
}

/** Files in the order in which they are named, those of one glob by name. */
function findFiles(patterns: readonly string[], folder: string, complain: Complain): string[] {
  return patterns.flatMap((pattern, index) => {
    const path = resolve(folder, pattern);
    // A name that is there is meant as it is, brackets and stars included.
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return [path];
    const found = globSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => resolve(entry.parentPath, entry.name))
      .toSorted();
    if (found.length === 0)
      complain(['traffic', 'files', index], `traffic.files: no file matches "${pattern}" below ${folder}.`);
    return found;
  });
}
