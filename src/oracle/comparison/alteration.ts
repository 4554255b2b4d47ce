// How one value became another: what a report says of an altered field beside from what to what. The likeliest reading is named, and
// `other` where none fits.

import type { AlterationKind } from '../../core/model/result.ts';
import { parseInstantMs } from '../../core/units.ts';
import { shownSpace } from '../reading/line-writer.ts';

/** Words that programs write where a value is absent. */
const emptyWords = new Set(['', '-', '""', 'null', 'none', 'None', 'NULL', 'nil', 'undefined', 'NaN', 'nan', '<nil>']);

/** Factors between units in use: times from hours to nanoseconds, bits and bytes, kibibytes. */
const unitFactors = [1e3, 1e6, 1e9, 60, 3600, 60_000, 8, 1024, 1024 ** 2];

/** A value of this length or longer that equals another field's hardly does so by chance. */
const telling = 3;

/** One altered field of one record. Values are as canonical lines hold them. */
export interface Alteration {
  readonly kind: AlterationKind;
  /** The field whose value arrived in this one's place, by index. */
  readonly confusedWith?: number;
}

/** `before` and `after` are all values of the record, by field; `field` is one in which they differ. */
export function alterationOf(before: readonly string[], after: readonly string[], field: number): Alteration {
  const was = before[field] ?? '-';
  const is = after[field] ?? '-';
  if (is.includes('≠')) return { kind: 'contradicted' };
  if (emptyWords.has(is)) return { kind: was === '-' ? 'retyped' : 'omitted' };
  if (was === '-' && /^0+(\.0*)?$|^false$/.test(is)) return { kind: 'retyped' };
  const moved = otherField(before, after, field, true);
  if (moved !== undefined) return { kind: 'shifted-column', confusedWith: moved };
  if (isRetyped(was, is)) return { kind: 'retyped' };
  if (isMultiple(was, is)) return { kind: 'unit' };
  if (was.toLowerCase() === is.toLowerCase()) return { kind: 'case' };
  const confusedWith = is.length < telling ? undefined : otherField(before, after, field, false);
  if (confusedWith !== undefined) return { kind: 'shifted-column', confusedWith };
  if (isEncoded(was, is)) return { kind: 'encoding' };
  if (isCut(was, is)) return { kind: 'truncated' };
  return { kind: 'other' };
}

/** The same number in another form, through a double, or cut to 32 bits; a time as a date. */
function isRetyped(was: string, is: string): boolean {
  const number = Number(is);
  if (!/^-?\d+$/.test(was)) return false;
  if (!Number.isNaN(number)) {
    if (number === Number(was)) return true;
    if (!/^-?\d+$/.test(is)) return false;
    const exact = BigInt(was);
    const words = [BigInt.asIntN(32, exact), BigInt.asUintN(32, exact), BigInt.asIntN(64, exact), 2n ** 31n - 1n];
    return exact >= 2n ** 31n && words.includes(BigInt(is));
  }
  return /^\d{4}-\d\d-\d\d/.test(is) && Math.abs((parseInstantMs(is) ?? NaN) - Number(was) * 1000) < 1000;
}

function isMultiple(was: string, is: string): boolean {
  const [a, b] = [Number(was), Number(is)];
  if (!/^\d+$/.test(was) || !/^\d+(\.\d+)?$/.test(is) || a === 0 || b === 0) return false;
  // A small number is near the part of many others.
  const isPart = (whole: number, part: number): boolean => whole === part || (part > 100 && Math.abs(whole - part) < 1);
  return unitFactors.some((factor) => a * factor === b || isPart(a / factor, b));
}

/** The field whose value stands here; with `moved` only one whose own place holds something else now, so that chance is ruled out. */
function otherField(
  before: readonly string[],
  after: readonly string[],
  field: number,
  moved: boolean,
): number | undefined {
  for (let other = 0; other < before.length; other++) {
    if (other === field || before[other] !== after[field]) continue;
    if (!moved || before[other] !== after[other]) return other;
  }
  return undefined;
}

function isCut(was: string, is: string): boolean {
  const kept = is.replace(/(…|\.\.\.)$/, '');
  return kept.length < was.length && (was.startsWith(kept) || was.endsWith(kept));
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function isEncoded(was: string, is: string): boolean {
  if (is.includes('\uFFFD') !== was.includes('\uFFFD')) return true;
  if (was.normalize('NFC') === is.normalize('NFC')) return true;
  return decodings(is).includes(was) || decodings(was).includes(is);
}

/** What the text may have been before a program wrote it in another way. */
function decodings(text: string): string[] {
  const plain = text.replaceAll(shownSpace, ' ');
  const all = [
    plain.replaceAll('\\', ''),
    plain.replace(/^(["'`[])(.*)(["'`\]])$/, '$2'),
    plain.replace(/^b'(.*)'$/, '$1'),
    plain.trim(),
    plain.replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => htmlEntities[entity]!),
    Buffer.from(plain, 'latin1').toString('utf8'),
  ];
  if (/^[\w+/-]+=*$/.test(plain) && plain.length >= 4) all.push(Buffer.from(plain, 'base64').toString('utf8'));
  try {
    all.push(decodeURIComponent(plain.replaceAll('+', ' ')));
  } catch {
    // It holds a `%` of its own.
  }
  return all.filter((other) => other !== text);
}
