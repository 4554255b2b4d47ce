// Remembers which attribute names a record had, so that names are bound once per set of names and not once per record.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { Binder, Shape } from './binding.ts';
import { ByteWords } from './byte-words.ts';
import { Fingerprinter } from './fingerprint.ts';

/**
 * A forwarder that invents names must not fill the memory: beyond this many sets they are bound anew each time, and what they held
 * is added up.
 */
const shapeLimit = 4096;

export interface Shapes {
  of(view: RecordView): Shape;
  /** Every shape that records had; of those beyond the limit one for each set of fields that they held. */
  all(): Iterable<Shape>;
}

const decoder = new TextDecoder();
const recent = 64;

export function openShapes(bindNames: Binder): Shapes {
  const fingerprinter = new Fingerprinter(0);
  const byteWords = new ByteWords();
  const shapes = new Map<string, Shape>();
  // The last names of each number of attributes: a record's names are nearly always those of the last one with as many.
  const known: (KnownNames | undefined)[] = Array.from({ length: recent });
  /** That of records without attributes: a line in a body needs none. */
  let bare: Shape | undefined;
  /** Shapes beyond the limit, by the fields that they held. */
  const forgotten = new Map<string, Shape>();

  function forget(shape: Shape): void {
    const key = shape.nameOf.map((name) => (name === undefined ? '0' : '1')).join('');
    const alike = forgotten.get(key);
    if (alike) alike.uses += shape.uses;
    else forgotten.set(key, shape);
  }

  function make(view: RecordView): Shape {
    const names: string[] = [];
    for (let i = 0; i < view.attributeCount; i++) {
      names.push(decoder.decode(view.source.subarray(view.keyStart[i]!, view.keyEnd[i]!)));
    }
    return bindNames(names, view.scopeAttributeEnd);
  }

  function find(view: RecordView): { shape: Shape; isRemembered: boolean } {
    let high = 0;
    let low = view.scopeAttributeEnd;
    for (let i = 0; i < view.attributeCount; i++) {
      fingerprinter.read(view.source, view.keyStart[i]!, view.keyEnd[i]!);
      high = (Math.imul(high, 31) + fingerprinter.high) | 0;
      low = (Math.imul(low, 37) + fingerprinter.low) | 0;
    }
    const key = `${high}:${low}`;
    const before = shapes.get(key);
    if (before) return { shape: before, isRemembered: true };
    const shape = make(view);
    const isRemembered = shapes.size < shapeLimit;
    if (isRemembered) shapes.set(key, shape);
    return { shape, isRemembered };
  }

  return {
    of(view) {
      if (view.attributeCount === 0 && bare) return bare;
      const slot = view.attributeCount & (recent - 1);
      const near = known[slot];
      const words = byteWords.of(view.source);
      if (near && hasNames(view, words, near)) return near.shape;
      if (near && !near.isRemembered) forget(near.shape);
      const { shape, isRemembered } = find(view);
      known[slot] = { ...namesOf(view, words, shape), isRemembered };
      if (view.attributeCount === 0 && isRemembered) bare = shape;
      return shape;
    },
    all() {
      const passing = known.flatMap((names) => (names && !names.isRemembered ? [names.shape] : []));
      return [...shapes.values(), ...forgotten.values(), ...passing];
    },
  };
}

/** A record's names, as they were last seen with a shape. */
interface KnownNames {
  readonly shape: Shape;
  readonly isRemembered: boolean;
  readonly recordStart: number;
  readonly lengths: Int32Array;
  /** The bytes of all names, four at a time; what is left over at the end of a name is the last four bytes of it. */
  readonly words: Int32Array;
}

function hasNames(view: RecordView, source: DataView, { recordStart, lengths, words }: KnownNames): boolean {
  const { keyStart, keyEnd } = view;
  const count = lengths.length;
  if (view.attributeCount !== count || view.scopeAttributeEnd !== recordStart) return false;
  let word = 0;
  for (let i = 0; i < count; i++) {
    const start = keyStart[i]!;
    const length = keyEnd[i]! - start;
    if (length !== lengths[i]) return false;
    if (length < 4) {
      if (shortWord(source, start, length) !== words[word++]) return false;
      continue;
    }
    const last = start + length - 4;
    for (let at = start; at < last; at += 4) if (source.getInt32(at, true) !== words[word++]) return false;
    if (source.getInt32(last, true) !== words[word++]) return false;
  }
  return true;
}

function namesOf(view: RecordView, source: DataView, shape: Shape): Omit<KnownNames, 'isRemembered'> {
  const { attributeCount, scopeAttributeEnd } = view;
  const lengths = Int32Array.from({ length: attributeCount }, (_, i) => view.keyEnd[i]! - view.keyStart[i]!);
  const words: number[] = [];
  for (const [i, length] of lengths.entries()) {
    const start = view.keyStart[i]!;
    if (length < 4) words.push(shortWord(source, start, length));
    else {
      const last = start + length - 4;
      for (let at = start; at < last; at += 4) words.push(source.getInt32(at, true));
      words.push(source.getInt32(last, true));
    }
  }
  return { shape, recordStart: scopeAttributeEnd, lengths, words: Int32Array.from(words) };
}

function shortWord(source: DataView, start: number, length: number): number {
  let word = 0;
  for (let i = 0; i < length; i++) word |= source.getUint8(start + i) << (8 * i);
  return word;
}

/** True where an attribute has no value at all: OTLP's empty AnyValue. */
export function isEmptyValue(view: RecordView, slot: number): boolean {
  return view.valueKind[slot] === valueKinds.other && view.valueStart[slot] === view.valueEnd[slot];
}
