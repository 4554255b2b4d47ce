// The ladder of `flowrig try`: fixed situations from the easiest on, each a scenario as a value. What a rung shows is judged elsewhere.

export interface Rung {
  /** The key `rung` of its result. */
  readonly name: string;
  /** The situation, for people. */
  readonly title: string;
  /** Laid over what all rungs share. */
  readonly scenario: Readonly<Record<string, unknown>>;
}

/** Files that rungs replay; made for the climb. */
export interface LadderFiles {
  readonly cut: string;
  readonly whole: string;
}

/** Enough to fill the 128 MB of a function that keeps all of it in several forms; AWS closes a file at 75 MB. */
const largeRecords = 40_000;

const promises = ['promises', 'truthful-acknowledgement', 'no-timeouts'];

/** Real waiting of a rung is at most the seconds that its fault or its time limit names. */
export function rungsOf({ cut, whole }: LadderFiles): readonly Rung[] {
  return [
    {
      name: 'one-object',
      title: 'one object of 100 records',
      scenario: { traffic: traffic(100), expect: [...promises, 'no-egress'] },
    },
    {
      name: 'five-events',
      title: 'five objects, an event each',
      scenario: { traffic: traffic(500), objects: { maxRecords: 100 } },
    },
    {
      name: 'nodata-skipdata',
      title: 'NODATA and SKIPDATA lines, which have dashes in place of values',
      scenario: { traffic: { ...traffic(100), nodata: 0.1, skipdata: 0.05 } },
    },
    {
      name: 'large-object',
      title: `one object of ${largeRecords / 1000}k records`,
      scenario: largeObject({}),
    },
    {
      name: 'throttled',
      title: 'SigNoz answers 429 once, with Retry-After: 1',
      scenario: {
        traffic: traffic(100),
        faults: [{ kind: 'sink.status', code: 429, retryAfter: '1s', nth: 1 }],
        expect: [...promises, 'retry-after-honoured'],
      },
    },
    {
      name: 'unavailable',
      title: 'SigNoz answers 503 once',
      scenario: { traffic: traffic(100), faults: [{ kind: 'sink.status', code: 503, nth: 1 }] },
    },
    {
      name: 'lost-reply',
      title: 'SigNoz keeps a request, and its answer is lost',
      scenario: { traffic: traffic(100), faults: [{ kind: 'sink.reset', at: 'after-commit', nth: 1 }] },
    },
    {
      name: 'cut-gzip',
      title: 'a gzip that is cut, before one that is whole',
      scenario: { traffic: { files: [cut, whole] } },
    },
    {
      name: 'duplicate-event',
      title: 'S3 delivers an event twice',
      scenario: { traffic: traffic(100), faults: [{ kind: 'event.duplicate' }] },
    },
    {
      name: 'time-limit',
      title: 'SigNoz does not answer the first request, and the function has 3 s',
      scenario: {
        traffic: traffic(100),
        limits: { timeout: '3s' },
        faults: [{ kind: 'sink.delay', duration: '30s', nth: 1 }],
      },
    },
  ];
}

/** What follows a large object that met the function's own limits: the same with more time, so that memory is seen too. */
export const largeObjectWithTime = largeObject({ timeout: '30s' });

function largeObject(limits: object): Rung['scenario'] {
  return {
    traffic: traffic(largeRecords),
    objects: { maxRecords: largeRecords },
    // A retry would meet the same limits.
    trigger: { kind: 's3-event', retries: 0 },
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

function traffic(records: number): Record<string, unknown> {
  return { preset: 'web-vpc', records };
}

/** What a scenario says where its rung is silent. */
export const common = { version: 1, seed: 42, expect: promises } as const;
