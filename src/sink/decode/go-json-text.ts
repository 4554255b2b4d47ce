// Arrays and objects within a record become texts: compact JSON as Go's encoder writes it (SigNoz/signoz-otel-collector,
// receiver/httplogreceiver/bodyparser/json.go, processAttribute): keys in byte order, of equal ones the last, HTML characters
// escaped, exponents with two digits. Checked and written in one pass without recursion, which 10,000 levels would overflow.

import {
  character,
  closeBrace,
  closeBracket,
  colon,
  comma,
  letterF,
  letterN,
  letterT,
  openBrace,
  openBracket,
  quote,
} from './ascii.ts';
import { depthLimit, isNumberStart, type GoJsonReader } from './go-json.ts';
import { unescapeTo, utf8Length } from './json-unescape.ts';
import { Members } from './json-members.ts';
import type { TextScratch } from './text-scratch.ts';

const none = 0;
const copied = 1;
const escaped = 2;
const wide = 3;
/** What becomes of each byte of a text. */
const treatments = new Uint8Array(256).fill(copied);
treatments.fill(escaped, 0, 0x20);
treatments.fill(wide, 0x80);
for (const special of '"\\<>&') treatments[special.charCodeAt(0)] = escaped;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

export class GoJsonText {
  private readonly reader: GoJsonReader;
  private readonly scratch: TextScratch;
  private readonly members = new Members();
  /** The bracket of each open container. */
  private readonly open: number[] = [];

  constructor(reader: GoJsonReader, scratch: TextScratch) {
    this.reader = reader;
    this.scratch = scratch;
  }

  /** Takes an array or object that stands `depth` levels deep; the reader's text is then what it becomes. */
  write(depth: number): void {
    const { reader, scratch } = this;
    const start = scratch.end;
    const levels = depthLimit - depth;
    let level = 0;
    do {
      const first = reader.peek();
      if (first === openBrace || first === openBracket) {
        if (level > levels) throw reader.error(`invalid character "${character(first)}" exceeded max depth`);
        this.open[level++] = first;
        this.begin(first);
        reader.at++;
        if (reader.peek() !== (first === openBrace ? closeBrace : closeBracket)) {
          if (first === openBrace) this.key();
          continue;
        }
      } else this.scalar(first);
      level = this.afterValue(level);
    } while (level > 0);
    reader.textStart = start;
    reader.textEnd = scratch.end;
  }

  /** Ends all containers that end here, up to the next value; answers how many are open then. */
  private afterValue(open: number): number {
    const { reader } = this;
    let level = open;
    while (level > 0) {
      const isObject = this.open[level - 1] === openBrace;
      const next = reader.peek();
      reader.at++;
      if (next === (isObject ? closeBrace : closeBracket)) {
        if (isObject) this.members.close(this.scratch);
        this.byte(next);
        level--;
      } else if (next === comma) {
        if (isObject) {
          this.members.endMember(this.scratch);
          this.byte(comma);
          this.key();
        } else this.byte(comma);
        return level;
      } else throw isObject ? reader.error('expected comma after object value') : reader.invalid(next, 'slice');
    }
    return level;
  }

  private begin(bracket: number): void {
    this.byte(bracket);
    if (bracket === openBrace) this.members.open();
  }

  private key(): void {
    const { reader, members } = this;
    reader.scanKey();
    members.beginMember(this.scratch);
    this.plain(members.keys);
    members.endKey();
    this.text(members.keys.bytes, members.keyStart, members.keys.end);
    this.byte(colon);
  }

  /** Appends the text that was scanned last, unescaped. */
  private plain(target: Members['keys']): void {
    const { bytes, rawStart, rawEnd, hasEscape } = this.reader;
    if (hasEscape) unescapeTo(target, bytes, { start: rawStart, end: rawEnd, failedPair: 'leaves-second' });
    else target.append(bytes, rawStart, rawEnd);
  }

  private scalar(first: number): void {
    const { reader } = this;
    if (first === quote) return this.scannedText();
    if (isNumberStart(first)) {
      reader.readNumber();
      return this.ascii(goNumber(reader.number));
    }
    const word = first === letterT ? 'true' : first === letterF ? 'false' : first === letterN ? 'null' : undefined;
    if (!word) throw reader.invalidValue(first);
    reader.word(word);
    this.ascii(word);
  }

  private scannedText(): void {
    const { reader } = this;
    reader.scanText();
    if (!reader.hasEscape) return this.text(reader.bytes, reader.rawStart, reader.rawEnd);
    const { keys } = this.members;
    const start = keys.end;
    this.plain(keys);
    this.text(keys.bytes, start, keys.end);
    keys.end = start;
  }

  private text(from: Uint8Array, start: number, end: number): void {
    this.byte(quote);
    for (let at = start; at < end;) {
      const runStart = at;
      let treatment = none;
      while (at < end && (treatment = treatments[from[at]!]!) === copied) at++;
      if (at > runStart) this.scratch.append(from, runStart, at);
      if (at === end) break;
      if (treatment === escaped) this.ascii(escapeOf(character(from[at++]!)));
      else at += this.wideCharacter(from, at, end);
    }
    this.byte(quote);
  }

  /** Writes one character past ASCII, or the escape of a bad byte or of a line separator; answers how many bytes it took. */
  private wideCharacter(from: Uint8Array, at: number, end: number): number {
    const length = utf8Length(from, at, end);
    if (length === 0) {
      this.ascii('\\ufffd');
      return 1;
    }
    // U+2028 and U+2029 are e2 80 a8 and e2 80 a9.
    if (from[at] === 0xe2 && from[at + 1] === 0x80 && (from[at + 2]! | 1) === 0xa9)
      this.ascii(`\\u202${from[at + 2] === 0xa8 ? 8 : 9}`);
    else this.scratch.append(from, at, at + length);
    return length;
  }

  private byte(byte: number): void {
    this.scratch.reserve(1)[this.scratch.end++] = byte;
  }

  private ascii(text: string): void {
    const { scratch } = this;
    const into = scratch.reserve(text.length);
    for (let i = 0; i < text.length; i++) into[scratch.end++] = text.charCodeAt(i);
  }
}

function escapeOf(special: string): string {
  return shortEscapes[special] ?? `\\u${special.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function goNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace(/e-(\d)$/, 'e-0$1');
}
