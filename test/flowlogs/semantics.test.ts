// What the records of a flow log say together: windows, both directions, both ends, gateways, what changes over time.

import { expect, test } from 'vitest';

import { findField } from '../../src/flowlogs/fields.ts';
import { openCorpus } from './read-lines.ts';
import { groupBy, share, tableOf, type Row } from './table.ts';

const flowOf = (row: Row): string =>
  ['interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'].map((field) => row[field]).join(' ');
const isOk = (row: Row): boolean => row['log-status'] === 'OK';
const isAccepted = (row: Row): boolean => row['action'] === 'ACCEPT';

test('a connection that lasts begins with SYN, goes on without a flag and ends with FIN or RST, window after window', () => {
  const { rows } = tableOf({ preset: 'ipv6', format: 'v3', records: 20_000 });
  const flows = [...groupBy(rows.filter(isAccepted), flowOf).values()].filter((flow) => flow.length > 3);
  expect(flows.length).toBeGreaterThan(100);
  const wrong = flows.filter((flow) => {
    const windows = flow.toSorted((a, b) => Number(a['start']) - Number(b['start']));
    const flags = windows.map((row) => row['tcp-flags']).join(' ');
    // One after the other: no window is left out while the connection lasts.
    const minutes = windows.map((row) => Math.floor(Number(row['end']) / 60));
    return !/^((2|18) )?0( 0)*( [14])?$/.test(flags) || minutes.at(-1)! - minutes[0]! !== windows.length - 1;
  });
  // Now and then a client takes a port again, an hour later.
  expect(wrong.length).toBeLessThan(flows.length / 50);
});

test('over ten minutes a flow is one record from its first window to its last, within the interval', () => {
  const { rows } = tableOf({ preset: 'eks', format: 'v3', records: 16_000, maxRecords: 600, aggregationS: 600 });
  const lengths = rows.filter(isOk).map((row) => Number(row['end']) - Number(row['start']));
  expect(Math.max(...lengths)).toBeGreaterThan(590);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(600);
  const short = lengths.filter((length) => length <= 60).length / lengths.length;
  expect(short).toBeGreaterThan(0.3);
  expect(short).toBeLessThan(0.95);
  const intervals = groupBy(
    rows.filter(isOk),
    (row) => `${flowOf(row)} ${row['pkt-srcaddr']} ${row['pkt-dstaddr']} ${Math.floor(Number(row['end']) / 60 / 10)}`,
  );
  expect([...intervals.values()].filter((told) => told.length > 1).length).toBeLessThan(rows.length / 1000);
});

test('NODATA of ten minutes spans them, and an interface reports it once', () => {
  const { rows } = tableOf({ preset: 'quiet', records: 1500, aggregationS: 600 });
  const idle = rows.filter((row) => row['log-status'] === 'NODATA');
  const late = idle.filter((row) => Number(row['start']) > Number(idle[0]!['start']) + 1200);
  expect(late.length).toBeGreaterThan(100);
  expect(late.every((row) => Number(row['end']) - Number(row['start']) > 580)).toBe(true);
  for (const told of groupBy(late, (row) => row['interface-id']!).values()) {
    const starts = told.map((row) => Number(row['start'])).toSorted((a, b) => a - b);
    for (let i = 1; i < starts.length; i++) expect(starts[i]! - starts[i - 1]!).toBeGreaterThan(580);
  }
});

test('idle interfaces of a quiet account report minute by minute, and have no traffic', () => {
  const { rows, objects } = tableOf({ preset: 'quiet', records: 2000 });
  expect(objects.slice(1, -1).every((object) => object.length === 220)).toBe(true);
  const idle = new Set(rows.flatMap((row) => (row['log-status'] === 'NODATA' ? [row['interface-id']] : [])));
  expect(idle.size).toBeLessThan(60);
  expect(rows.some((row) => isOk(row) && idle.has(row['interface-id']))).toBe(false);
});

test.for(['nat-egress', 'eks', 'shared-vpc', 'ipv6', 'ecs-v7', 'guide', 'ddos', 'multi-region'])(
  '%s: each flow is told in both directions, and alike at both ends',
  (preset) => {
    const { rows } = tableOf({ preset, format: 'v5', records: 5000, reject: 0 });
    const accepted = rows.filter(isAccepted);
    // A scanner's SYN to a NAT gateway gets no answer.
    const twoWay = accepted.filter((row) => row['tcp-flags'] !== '2');
    const told = new Set(accepted.map((row) => `${row['interface-id']} ${ends(row)} ${row['start']}`));
    const oneWay = twoWay.filter(
      (row) => row['protocol'] === '6' && !told.has(`${row['interface-id']} ${ends(row, true)} ${row['start']}`),
    );
    expect(oneWay.length).toBeLessThan(twoWay.length / 100);
    const sameFlow = groupBy(twoWay, (row) => `${ends(row)} ${Math.floor(Number(row['end']) / 60)}`);
    for (const views of sameFlow.values()) {
      const counters = new Set(views.map((row) => `${row['packets']} ${row['bytes']} ${row['tcp-flags']}`));
      expect(counters.size).toBe(1);
    }
  },
);

/** The ends as the packets have them. */
function ends(row: Row, isReversed = false): string {
  const order = ['pkt-srcaddr', 'srcport', 'pkt-dstaddr', 'dstport'];
  const swapped = ['pkt-dstaddr', 'dstport', 'pkt-srcaddr', 'srcport'];
  return (isReversed ? swapped : order).map((field) => row[field]).join(' ');
}

test('a zonal NAT gateway has four records a connection, as in the example of AWS', () => {
  const { rows } = tableOf({ preset: 'nat-egress', format: 'v11', records: 6000, reject: 0 });
  const nat = rows.filter((row) => row['interface-type'] === 'nat_gateway' && row['tcp-flags'] !== '2');
  const shape = (row: Row): string => {
    const own = nat.find(
      (other) => other['interface-id'] === row['interface-id'] && other['flow-direction'] === 'egress',
    )!;
    const name = (field: string): string =>
      row[field] === own['srcaddr'] ? 'nat' : row[field]!.startsWith('10.') ? 'client' : 'host';
    return ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr'].map(name).join(' ');
  };
  expect([...new Set(nat.map(shape))].toSorted()).toEqual([
    'client nat client host',
    'host nat host nat',
    'nat client host client',
    'nat host nat host',
  ]);
  expect(new Set(nat.map((row) => row['instance-id']))).toEqual(new Set(['-']));
});

test('pods: the recording node shows its own address, and the packets theirs', () => {
  const { rows } = tableOf({ preset: 'eks', format: 'v5', records: 4000, reject: 0 });
  const pods = rows.filter((row) => row['pkt-srcaddr'] !== row['srcaddr'] && row['dstport'] === '8080');
  expect(pods.length).toBeGreaterThan(100);
  for (const row of pods) {
    if (row['flow-direction'] === 'egress') expect(row['dstaddr']).toBe(row['pkt-dstaddr']);
    else expect(row['srcaddr']).toBe(row['pkt-srcaddr']);
  }
});

test('a regional NAT gateway has no interface, and a resource-id; Block Public Access tells no bytes', () => {
  const { rows } = tableOf({ preset: 'kitchen-sink-v11', records: 12_000 });
  const regional = rows.filter((row) => row['resource-id'] !== '-');
  expect(regional.length).toBeGreaterThan(20);
  for (const row of regional.filter(isOk)) {
    expect([row['interface-id'], row['instance-id'], row['subnet-id']]).toEqual(['-', '-', '-']);
    expect([row['srcaddr'], row['dstaddr']]).toEqual([row['pkt-srcaddr'], row['pkt-dstaddr']]);
  }
  const blocked = rows.filter((row) => row['reject-reason'] === 'BPA');
  expect(blocked.every((row) => row['bytes'] === '-' && row['action'] === 'REJECT')).toBe(true);
  expect(blocked.length).toBeGreaterThan(20);
});

test('kitchen-sink-v11 has a value other than - in every field', () => {
  const { rows } = tableOf({ preset: 'kitchen-sink-v11', records: 12_000 });
  const empty = Object.keys(rows[0]!).filter((field) => rows.every((row) => row[field] === '-'));
  expect(empty).toEqual([]);
});

test('NODATA and SKIPDATA keep what the interface and the interval are, in every field of v11', () => {
  const { rows } = tableOf({ preset: 'kitchen-sink-v11', records: 3000, nodata: 0.2, skipdata: 0.1 });
  for (const row of rows.filter((each) => !isOk(each))) {
    const said = Object.keys(row).filter((field) => row[field] !== '-' && !findField(field)!.isKept);
    expect(said).toEqual([]);
    expect(row['start']).not.toBe('-');
  }
});

test('a transit gateway tells a flow where it comes in and where it goes out', () => {
  const { rows } = tableOf({ preset: 'transit-gateway', records: 6000 });
  const ok = rows.filter(isOk);
  for (const row of ok) {
    expect(row['tgw-attachment-id']).not.toBe(row['tgw-pair-attachment-id']);
    const own = row['flow-direction'] === 'ingress' ? 'src' : 'dst';
    if (row[`tgw-${own}-vpc-id`] !== '-') expect(row[`tgw-${own}-eni`]).toMatch(/^eni-/);
  }
  const told = groupBy(
    ok,
    (row) => `${row['srcaddr']} ${row['dstaddr']} ${row['srcport']} ${row['dstport']} ${row['packets']}`,
  );
  const between = [...told.values()].filter(
    (views) => views[0]!['tgw-src-vpc-id'] !== '-' && views[0]!['tgw-dst-vpc-id'] !== '-',
  );
  expect(share(between, (views) => new Set(views.map((row) => row['flow-direction'])).size === 2)).toBeGreaterThan(0.9);
  expect(ok.some((row) => Number(row['packets-lost-no-route']) > 0)).toBe(true);
});

test('a filter records one action, and a scope one subnet or interface', () => {
  const rejected = tableOf({ preset: 'eks', records: 800, filter: 'reject' }).rows.filter(isOk);
  expect(rejected.every((row) => row['action'] === 'REJECT')).toBe(true);
  expect(
    tableOf({ preset: 'eks', records: 800, filter: 'accept' }).rows.some((row) => row['action'] === 'REJECT'),
  ).toBe(false);
  const seen = (scope: 'subnet' | 'interface', field: string): number =>
    new Set(tableOf({ preset: 'eks', format: 'v3', records: 800, scope, nodata: 0 }).rows.map((row) => row[field]))
      .size;
  expect([seen('subnet', 'subnet-id'), seen('interface', 'interface-id')]).toEqual([1, 1]);
});

test('REJECT agrees with ports and flags: a scan is a SYN to a closed port, and what comes late has none', () => {
  const { rows } = tableOf({ preset: 'guide', format: 'v3', records: 4000 });
  const tcp = rows.filter((row) => row['action'] === 'REJECT' && row['protocol'] === '6');
  for (const row of tcp) {
    const isOpen = row['dstport'] === '22' || row['dstport'] === '80';
    expect((Number(row['tcp-flags']) & 2) !== 0 && row['tcp-flags'] !== '18').toBe(
      !isOpen && /^2$/.test(row['tcp-flags']!),
    );
  }
});

test('an attack comes and goes: shares follow the phases, exactly in each object', () => {
  const { objects } = tableOf({ preset: 'ddos', records: 24_000, maxRecords: 1000 });
  const shares = objects.map((rows) => share(rows.filter(isOk), (row) => row['action'] === 'REJECT'));
  expect(shares[2]).toBeCloseTo(0.05, 2);
  expect(shares[8]).toBeCloseTo(0.88, 2);
  expect(shares[22]).toBeCloseTo(0.05, 2);
  const skipped = objects.map((rows) => rows.filter((row) => row['log-status'] === 'SKIPDATA').length);
  expect(skipped[8]).toBeGreaterThan(25);
  expect(skipped[2]).toBeLessThan(3);
});

test("a plan's own phases stand over the preset's", () => {
  const phases = [{ fromMinute: 2, reject: 1, nodata: 0.5 }];
  const { objects } = tableOf({ records: 4000, maxRecords: 1000, phases, reject: 0, nodata: 0, skipdata: 0 });
  const counts = objects.map((rows) => [
    rows.filter((row) => row['action'] === 'REJECT').length,
    rows.filter(isOk).length,
  ]);
  expect(counts).toEqual([
    [0, 1000],
    [0, 1000],
    [500, 500],
    [500, 500],
  ]);
});

test('flow logs of three Regions and two accounts have folders and interfaces of their own', () => {
  const corpus = openCorpus({ preset: 'multi-region', records: 9000 });
  const folders = groupBy(corpus.objects, ({ key }) => key.split('/').slice(1, 4).join('/'));
  expect(folders.size).toBe(3);
  expect(new Set([...folders.keys()].map((folder) => folder.split('/')[0])).size).toBe(2);
  const ids = [...folders.values()].map((objects) => /fl-[0-9a-f]{17}/.exec(objects[0]!.key)![0]);
  expect(new Set(ids).size).toBe(3);
});

test('records of a shared VPC bear the accounts of their interfaces, or unknown; the folder is the owner’s', () => {
  const corpus = openCorpus({ preset: 'shared-vpc', records: 3000 });
  const accounts = new Set(tableOf({ preset: 'shared-vpc', records: 3000 }).rows.map((row) => row['account-id']!));
  expect(accounts.size).toBe(4);
  expect(accounts).toContain('unknown');
  expect(accounts).toContain(corpus.objects[0]!.key.split('/')[1]);
});

test('a preset has as many interfaces as a plan asks for, each with an address of its own', () => {
  for (const preset of ['web-vpc', 'eks', 'guide']) {
    const { rows } = tableOf({ preset, format: 'v3', records: 4000, interfaces: 60, nodata: 0, aggregationS: 60 });
    const own = groupBy(rows, (row) => row['interface-id']!);
    expect(own.size).toBeGreaterThan(50);
    expect(own.size).toBeLessThanOrEqual(60);
  }
});

test.for([
  [{ interfaces: 100_000 }, "interfaces is 100000; the preset's subnets have addresses for 7 to 508 of them."],
  [{ preset: 'guide', interfaces: 0 }, "interfaces is 0; the preset's subnets have addresses for 1 to 251 of them."],
  [{ filter: 'accept', reject: 0.2 }, 'reject is 0.2, but the filter "accept" writes no REJECT'],
  [{ aggregationS: 30 }, 'aggregation is 30 s; AWS takes 60 s or 600 s.'],
  [{ format: 'tgw', aggregationS: 600 }, 'which takes 60 s only'],
  [{ format: '${srcadr}' }, 'Did you mean "srcaddr"?'],
  [{ phases: [{ fromMinute: 5 }, { fromMinute: 5 }] }, 'phases come in the order of time'],
] as const)('what cannot hold together is refused: %j', ([plan, message]) => {
  expect(() => openCorpus(plan)).toThrow(message);
});
