// A corpus with faults in its objects: which objects are struck is planned by the seed before anything is written, and what they hold
// is made anew from the corpus below whenever it is asked for. It too is a pure function, so each thread makes its own.

import { createHash } from 'node:crypto';

import { planItems } from '../core/fault-plan.ts';
import type { Corpus, CorpusObject, LineCounts, VisitLine } from '../core/model/corpus.ts';
import { randomSource } from '../core/random.ts';
import { isBlank } from './blank.ts';
import { objectFaults, type ObjectFaultConfig } from './faults/index.ts';
import type { Duty, FileDraft, ObjectFault, ObjectFaultKind, Struck } from './faults/kind.ts';
import { draftOf } from './file-draft.ts';
import { inflate, isGzip } from './inflate.ts';
import { LineSplitter } from './line-splitter.ts';

/** A fault of the scenario, opened: one striker for all objects that it strikes. */
interface PlannedFault {
  readonly kind: ObjectFaultKind;
  readonly fault: ObjectFault;
  readonly strikes: (place: number) => boolean;
  readonly struck: (place: number) => Struck;
}

/** Where a struck object comes from: an object of the corpus below, and its place among what that became. */
interface Origin {
  readonly below: CorpusObject;
  readonly file: number;
}

/** An object of the corpus below that no fault strikes, at its place among those that are. */
class Untouched implements CorpusObject {
  readonly below: CorpusObject;
  readonly index: number;
  readonly lineFirst: number;

  constructor(below: CorpusObject, place: Pick<CorpusObject, 'index' | 'lineFirst'>) {
    this.below = below;
    this.index = place.index;
    this.lineFirst = place.lineFirst;
  }

  get key(): string {
    return this.below.key;
  }

  get lineCount(): number {
    return this.below.lineCount;
  }

  get slotEndMs(): number {
    return this.below.slotEndMs;
  }

  get fields(): readonly string[] {
    return this.below.fields;
  }

  get condition(): CorpusObject['condition'] {
    return this.below.condition;
  }
}

/** Throws `bad-scenario` for a fault that cannot strike what it was aimed at. */
export async function struckCorpus(
  below: Corpus,
  configs: readonly ObjectFaultConfig[],
  seed: number,
): Promise<Corpus> {
  const planned = planFaults(below, configs, seed);
  const objects: CorpusObject[] = [];
  const origins = new Map<number, Origin>();
  let lineFirst = 0;
  const markers = new Set<string>();
  for (const object of below.objects) {
    const kinds = planned.filter(({ strikes }) => strikes(object.index));
    if (kinds.length === 0) {
      objects.push(new Untouched(object, { index: objects.length, lineFirst }));
      lineFirst += object.lineCount;
      continue;
    }
    for (const [file, { draft, faults }] of (await strike(below, object, kinds)).entries()) {
      // Objects of one folder share its marker.
      if (draft.key.endsWith('/') && markers.has(draft.key)) continue;
      markers.add(draft.key);
      const { data: lineCount } = await readDraft(draft, () => undefined);
      const lost = draft.owes === 'reported' ? { linesLost: (await linesWritten(draft)) - lineCount } : {};
      const { key, fields } = draft;
      const { slotEndMs } = object;
      const condition = draft.owes === 'owed' && lineCount === 0 ? 'empty' : conditions[draft.owes];
      origins.set(objects.length, { below: object, file });
      objects.push({ index: objects.length, key, lineFirst, lineCount, slotEndMs, fields, condition, faults, ...lost });
      lineFirst += lineCount;
    }
  }

  /** Made anew each time: what is kept of a struck object is one entry. */
  async function draft({ below: object, file }: Origin): Promise<FileDraft> {
    const kinds = planned.filter(({ strikes }) => strikes(object.index));
    return (await strike(below, object, kinds))[file]!.draft;
  }

  /** Of an object that no fault strikes. */
  const belowOf = ({ index }: CorpusObject): CorpusObject => (objects[index] as Untouched).below;

  return {
    version: below.version,
    lineCount: lineFirst,
    objects,
    async body(object, see) {
      const origin = origins.get(object.index);
      if (!origin) return below.body(belowOf(object), see);
      const { pack, text } = await draft(origin);
      return pack(text);
    },
    async scan(object, visit) {
      const origin = origins.get(object.index);
      return origin ? readDraft(await draft(origin), visit) : below.scan(belowOf(object), visit);
    },
    async fingerprint() {
      const struck = objects.map(({ key, faults }) => `${key} ${faults?.join(' ') ?? ''}`);
      const hash = createHash('sha256').update(await below.fingerprint());
      return hash.update(JSON.stringify([configs, struck])).digest('hex');
    },
  };
}

const conditions: Readonly<Record<Duty, CorpusObject['condition']>> = {
  owed: 'intact',
  optional: 'overwritten',
  reported: 'damaged',
  nothing: 'empty',
};

/** In the order in which the faults work. Those of one kind go by their place in the scenario. */
function planFaults(below: Corpus, configs: readonly ObjectFaultConfig[], seed: number): PlannedFault[] {
  const random = randomSource(seed).split('objects');
  return objectFaults.flatMap((kind) =>
    configs.flatMap((config, index) => {
      if (config.kind !== kind.kind) return [];
      const stream = random.split(`${config.kind} ${index}`);
      const strikes = planItems(config, below.objects.length, stream.split('places'));
      return [{ kind, fault: kind.open(config), strikes, struck: (place: number) => ({ place, random: stream }) }];
    }),
  );
}

interface StruckFile {
  readonly draft: FileDraft;
  readonly faults: readonly string[];
}

/** What an object becomes: itself, last, and what is stored before it. */
async function strike(below: Corpus, object: CorpusObject, planned: readonly PlannedFault[]): Promise<StruckFile[]> {
  const before: StruckFile[] = [];
  const faults: string[] = [];
  let own = await draftOf(below, object);
  for (const { kind, fault, struck } of planned) {
    const at = struck(object.index);
    const companion = fault.before?.(own, at);
    if (companion) before.push({ draft: { ...companion, owes: kind.owes }, faults: [kind.kind] });
    if (!fault.strike) continue;
    const changed = fault.strike(own, at);
    own = companion ? changed : { ...changed, owes: heavier(own.owes, kind.owes) };
    // A fault that stores another object is counted there, once.
    if (!companion) faults.push(kind.kind);
  }
  const isExcused = own.owes === 'nothing' && planned.some(({ kind }) => kind.mayBeRefused);
  return [...before, { draft: isExcused ? { ...own, owes: 'optional' } : own, faults }];
}

/** Damage outweighs emptiness: what is cut of an empty gzip is still damaged. */
function heavier(a: Duty, b: Duty): Duty {
  const weights: readonly Duty[] = ['owed', 'optional', 'nothing', 'reported'];
  return weights.indexOf(a) > weights.indexOf(b) ? a : b;
}

/** Data lines of a file before its damage. */
async function linesWritten(draft: FileDraft): Promise<number> {
  const { data } = await readDraft({ ...draft, owes: 'owed' }, () => undefined);
  return data;
}

/**
 * Goes through what a file holds for a reader: its text, or of a damaged one what can be had before the damage. Where nothing is owed
 * there is no record, whatever stands in it.
 */
async function readDraft(draft: FileDraft, visit: VisitLine): Promise<LineCounts> {
  const counts = { data: 0, header: 0, blank: 0 };
  if (draft.owes === 'nothing') return counts;
  const splitter = new LineSplitter((bytes, start, end, line) => {
    if (isBlank(bytes, start, end)) counts.blank++;
    else if (draft.hasHeader && counts.header + counts.data === 0) counts.header++;
    else {
      counts.data++;
      visit(bytes, start, end, line);
    }
  });
  if (draft.owes !== 'reported') {
    splitter.push(draft.text);
    splitter.end();
    return counts;
  }
  const bytes = draft.pack(draft.text);
  const isWhole = isGzip(bytes) && (await inflate(bytes, (piece) => splitter.push(piece))) === undefined;
  // Behind damage the last line is not whole, unless its LF came.
  if (isWhole) splitter.end();
  return counts;
}
