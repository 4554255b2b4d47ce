// Situations that a seed draws: a trigger, a mix of lines, and one to three faults that a right forwarder survives. Left out is what
// no client can know of (sink.blackhole, a quota that drops): there the rig counts what was kept, and is to convict.

import { randomSource, type RandomSource } from '../../src/core/random.ts';

type Draw = <Value>(values: readonly Value[]) => Value;
type Fault = { readonly kind: string; readonly [name: string]: unknown };

const triggers = ['s3-event', 'sqs', 'sns', 'sns-sqs', 'eventbridge', 'eventbridge-sqs'];
const isQueue = (trigger: string): boolean => trigger.endsWith('sqs');
/** EventBridge tells of one object an event, in a shape of its own. */
const isS3Message = (trigger: string): boolean => !trigger.startsWith('eventbridge');

/** How often a fault strikes. */
const some = (draw: Draw): object => draw([{ nth: 1 }, { share: 0.3 }, { share: 0.6 }]);
const few = (draw: Draw): object => draw([{ nth: 1 }, { nth: 2 }, { share: 0.25 }, { share: 0.5 }]);

const faults: readonly ((draw: Draw, trigger: string) => Fault | undefined)[] = [
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

/** The same for the same seed and name: a scenario to lay over the zoo's. */
export function randomSituation(seed: number, name: string, { sendsOtlp = false } = {}): object {
  const draw = drawer(randomSource(seed).split(`zoo ${name}`));
  const kind = draw(triggers);
  const drawn: Fault[] = [];
  const count = draw([1, 2, 3]);
  while (drawn.length < count) {
    const fault = draw(faults)(draw, kind);
    if (fault && !drawn.some((other) => other.kind === fault.kind)) drawn.push(fault);
  }
  if (sendsOtlp && draw([true, false, false]))
    drawn.push({ kind: 'sink.partial-success', rejected: draw([1, 5]), nth: 1 });
  return {
    traffic: { preset: 'web-vpc', records: 120, nodata: draw([0.01, 0.1]), skipdata: draw([0.01, 0.05]), reject: 0.3 },
    objects: { maxRecords: draw([15, 30, 60]) },
    trigger: { kind, ...(isQueue(kind) ? { batchSize: draw([1, 3]), maxReceives: draw([3, 5]) } : {}) },
    faults: drawn,
  };
}

function drawer(random: RandomSource): Draw {
  let drawn = 0;
  return (values) => values[random.below(values.length, drawn++)]!;
}
