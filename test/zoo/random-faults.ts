// Situations that a seed draws: a trigger, a mix of lines, and one to three faults of any room that a right forwarder survives. Left
// out is what no client can know of (sink.blackhole, a quota that drops): there the rig counts what was kept, and is to convict.

import { randomSource, type RandomSource } from '../../src/core/random.ts';

type Draw = <Value>(values: readonly Value[]) => Value;
type Fault = { readonly kind: string; readonly [name: string]: unknown };
/** Undefined where the fault makes no sense with the trigger. */
type DrawFault = (draw: Draw, trigger: string) => Fault | undefined;

const triggers = ['s3-event', 'sqs', 'sns', 'sns-sqs', 'eventbridge', 'eventbridge-sqs'];
const isQueue = (trigger: string): boolean => trigger.endsWith('sqs');
/** EventBridge tells of one object an event, in a shape of its own. */
const isS3Message = (trigger: string): boolean => !trigger.startsWith('eventbridge');

/** How often a fault strikes. */
const some = (draw: Draw): object => draw([{ nth: 1 }, { share: 0.3 }, { share: 0.6 }]);
const few = (draw: Draw): object => draw([{ nth: 1 }, { nth: 2 }, { share: 0.25 }, { share: 0.5 }]);

/** Of objects, with the default of each parameter or a value that a run of this size can bear. */
const objectParameters: readonly (readonly [kind: string, parameters: readonly object[]])[] = [
  ['unknown-field', [{}, { field: 'reject-cause' }]],
  ['odd-values', [{}, { every: 1 }]],
  ['quotes', [{}, { every: 1, field: 'dstaddr' }]],
  ['invalid-utf8', [{}, { every: 3, field: 'log-status' }]],
  ['line-separators', [{}, { every: 1 }]],
  ['long-line', [{ size: '10kB' }, {}]],
  ['row-length', [{}, { every: 1 }, { every: 3 }]],
  ['two-spaces', [{}, { every: 1 }]],
  ['overwritten', [{}]],
  ['header-only', [{}]],
  ['no-header', [{}]],
  ['blank-lines', [{}]],
  ['crlf', [{}]],
  ['no-last-newline', [{}]],
  ['empty-gzip', [{}]],
  ['members', [{}, { count: 30 }]],
  ['cut-members', [{}]],
  ['bomb', [{ size: '4MiB' }, { size: '4MiB', of: 'one-line' }]],
  ['plain-text', [{}]],
  ['double-gzip', [{}]],
  ['flip', [{}, { where: 'crc' }, { where: 'size' }]],
  ['cut', [{}, { keep: 0.9 }, { at: 1 }, { at: 20 }]],
  ['padding', [{}, { size: '1B' }]],
  ['trailing-garbage', [{}, { size: '1B' }]],
  ['empty', [{}]],
  ['suffix', [{}, { to: '.txt' }, { to: '' }]],
  ['key', [{}, { form: 'plus' }, { form: 'unicode' }, { form: 'marks' }, { form: 'long' }]],
  ['folder-marker', [{}]],
  ['foreign', [{}, { file: 'load-balancer' }]],
];

const objectFaults = objectParameters.map(([kind, parameters]): DrawFault => (draw) => ({
  kind: `object.${kind}`,
  ...draw(parameters),
  ...few(draw),
}));

const storeFaults: readonly DrawFault[] = [
  // Who is told once that an object is gone need not ask again.
  (draw) => ({ kind: 'store.missing', share: draw([0.25, 0.5]) }),
  (draw) => ({ kind: 'store.denied', ...few(draw) }),
  (draw) => ({ kind: 'store.archived', ...draw([{ share: 0.25 }, { share: 0.5 }, { for: '1m' }]) }),
  (draw) => ({ kind: 'store.expired-token', ...some(draw) }),
  (draw) => ({ kind: 'store.redirect', ...few(draw) }),
  (draw) => ({ kind: 'store.slow-down', ...some(draw) }),
  (draw) => ({ kind: 'store.internal-error', ...some(draw) }),
  (draw) => ({ kind: 'store.swap', ...draw([{}, { share: 0.5 }, { nth: 2 }]) }),
  (draw) => ({ kind: 'store.encoding', ...draw([{}, { value: 'aws-chunked' }]), ...few(draw) }),
  (draw) => ({ kind: 'store.hang', duration: draw(['20ms', '300ms']), ...draw([{}, { at: '100B' }]), ...some(draw) }),
  (draw) => ({ kind: 'store.reset', ...draw([{}, { at: '100B' }]), ...some(draw) }),
  (draw) => ({ kind: 'store.short', ...draw([{}, { at: '100B' }]), ...some(draw) }),
  (draw) => ({ kind: 'store.slow', perSecond: draw(['5kB', '50kB']), ...some(draw) }),
  (draw) => ({ kind: 'store.chunks', sizes: draw([[1, 10, 100], [7], [1000, 1]]), ...some(draw) }),
];

const faults: readonly DrawFault[] = [
  ...objectFaults,
  ...storeFaults,
  (draw, trigger) => (isS3Message(trigger) ? { kind: 'event.several', records: draw([2, 3, 4]) } : undefined),
  (draw, trigger) =>
    isS3Message(trigger) ? { kind: 'event.version', version: draw(['2.2', '2.9']), ...few(draw) } : undefined,
  (draw) => ({ kind: 'event.shuffle', window: draw([2, 4]) }),
  (draw, trigger) =>
    isS3Message(trigger)
      ? { kind: 'event.type', name: draw(['ObjectTagging:Put', 'ObjectRemoved:Delete']), ...few(draw) }
      : undefined,
  (draw) => ({
    kind: 'event.outdated',
    object: draw(['deleted', 'overwritten']),
    comes: draw(['before', 'behind']),
    ...few(draw),
  }),
  (_draw, trigger) => (isS3Message(trigger) ? { kind: 'event.test' } : undefined),
  (draw) => ({
    kind: 'event.duplicate',
    copies: draw([1, 2]),
    ...draw([{}, { after: '1m' }, { after: '50ms' }]),
    ...few(draw),
  }),
  (draw) => ({ kind: 'event.delay', duration: draw(['20ms', '2m']), ...few(draw) }),
  (draw) => ({ kind: 'lambda.throttle', ...few(draw) }),
  (draw) => ({ kind: 'lambda.kill', ...few(draw) }),
  (draw) => ({ kind: 'lambda.freeze', duration: draw(['30s', '20m']), ...few(draw) }),
  (draw) => ({ kind: 'lambda.cold', ...few(draw) }),
  (draw) => ({ kind: 'sink.status', code: draw([400, 401, 403, 404, 408, 413]), ...some(draw) }),
  (draw) => ({ kind: 'sink.status', code: draw([429, 503]), ...draw([{}, { retryAfter: '1s' }]), nth: 1 }),
  (draw) => ({ kind: 'sink.status', code: draw([429, 500, 502, 503, 504]), ...some(draw) }),
  (draw) => ({ kind: 'sink.delay', duration: draw(['20ms', '100ms']), ...some(draw) }),
  (draw) => ({ kind: 'sink.reset', at: draw(['before', 'mid', 'after-commit']), ...some(draw) }),
  (draw) => ({ kind: 'sink.commit-then', code: draw([500, 503]), ...some(draw) }),
  (draw) => ({ kind: 'sink.outage', as: draw([503, 'reset']), for: draw(['2s', '1m']) }),
  (draw) => ({ kind: 'sink.quota', requests: draw([1, 2]), per: 'second' }),
  (draw) => ({ kind: 'sink.max-body', limit: draw(['1kB', '4kB']), of: 'decoded' }),
  (draw) => ({ kind: 'sink.poison', share: draw([0.02, 0.1]) }),
  (draw) => ({ kind: 'sink.redirect', code: draw([301, 302, 303, 307, 308]), ...some(draw) }),
  (draw) => ({ kind: 'sink.html', ...some(draw) }),
  (draw) => ({ kind: 'sink.slow-read', perSecond: draw(['100kB', '1MB']), ...some(draw) }),
  (draw) => ({ kind: 'sink.slow-write', perSecond: draw(['1kB', '10kB']), ...some(draw) }),
  (draw) => ({ kind: 'sink.stall', duration: draw(['20ms', '150ms']), ...some(draw) }),
  (draw) => ({ kind: 'sink.idle-close', after: draw(['100ms', '2s']) }),
];

/** They strike who comes by SigNoz's name, through the proxy, which a process does that sends nothing elsewhere. */
const netFaults: readonly DrawFault[] = [
  (draw) => ({
    kind: 'net.tls',
    problem: draw(['expired', 'wrong-host', 'self-signed']),
    ...draw([{ nth: 1 }, { share: 0.3 }, { for: '1m' }, {}]),
  }),
  (draw) => ({
    kind: 'net.dns',
    error: draw(['ENOTFOUND', 'EAI_AGAIN']),
    ...draw([{ nth: 1 }, { share: 0.3 }, { for: '1m' }, {}]),
  }),
];

/** Of a file without a header nobody could know the fields, and of plain text nobody could tell that it is damaged. */
const exclusive: readonly (readonly string[])[] = [
  ['object.no-header', 'object.unknown-field'],
  ...['flip', 'cut', 'padding', 'trailing-garbage'].map((kind) => ['object.plain-text', `object.${kind}`]),
];

function goTogether(kinds: readonly string[]): boolean {
  return new Set(kinds).size === kinds.length && !exclusive.some((pair) => pair.every((kind) => kinds.includes(kind)));
}

/** What the drawn faults have to fit. */
interface Style {
  readonly sendsOtlp?: boolean;
  /** Runs as a process, so that it can be led through the proxy. */
  readonly isProcess?: boolean;
}

/** The same for the same seed and name: a scenario to lay over the zoo's. */
export function randomSituation(
  seed: number,
  name: string,
  { sendsOtlp = false, isProcess = false }: Style = {},
): object {
  const draw = drawer(randomSource(seed).split(`zoo ${name}`));
  const kind = draw(triggers);
  const byName = isProcess && draw([true, false, false, false]);
  const drawn: Fault[] = byName ? [draw(netFaults)(draw, kind)!] : [];
  const count = draw([1, 2, 3]);
  while (drawn.length < count) {
    const fault = draw(faults)(draw, kind);
    if (fault && goTogether([...drawn, fault].map((each) => each.kind))) drawn.push(fault);
  }
  if (sendsOtlp && draw([true, false, false]))
    drawn.push({ kind: 'sink.partial-success', rejected: draw([1, 5]), nth: 1 });
  return {
    traffic: { preset: 'web-vpc', records: 120, nodata: draw([0.01, 0.1]), skipdata: draw([0.01, 0.05]), reject: 0.3 },
    objects: { maxRecords: draw([15, 30, 60]) },
    trigger: { kind, ...(isQueue(kind) ? { batchSize: draw([1, 3]), maxReceives: draw([3, 5]) } : {}) },
    ...(byName ? { sink: { host: 'ingest.eu.signoz.cloud' } } : {}),
    faults: drawn,
  };
}

function drawer(random: RandomSource): Draw {
  let drawn = 0;
  return (values) => values[random.below(values.length, drawn++)]!;
}
