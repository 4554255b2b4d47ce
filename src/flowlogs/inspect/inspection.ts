// Goes through the lines of a flow-log file, anyone's, and tells what it holds and every rule of AWS's format that a line breaks.
// It shares no reading of a record with the generator: what both write and find wrong would go unseen.

import { isBlank } from '../blank.ts';
import { fieldRule, type FieldRule } from './field-rules.ts';
import { recordRules } from './record-rules.ts';
import { Statistics, type Summary } from './statistics.ts';
import { Violations, type Violation } from './violations.ts';

export interface Inspected extends Summary {
  /** Field names in order. */
  readonly format: readonly string[];
  /** A file without a header line is read as the default format: flow logs in CloudWatch have none. */
  readonly hasHeader: boolean;
  readonly violations: readonly Violation[];
}

const defaultFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** A line of AWS's has a few hundred bytes; with every field, ARNs and tags among them, some thousands. */
export const lineBytesMax = 65_536;

const carriageReturn = 0x0d;

export class Inspection {
  readonly violations = new Violations();
  #format: readonly string[] = defaultFormat;
  #rules: (FieldRule | undefined)[] = [];
  #version = 2;
  #statistics: Statistics | undefined;
  #hasHeader = false;
  #values: readonly string[] = [];
  readonly #columns = new Map<string, number>();
  readonly #valueOf = (field: string): string | undefined => {
    const column = this.#columns.get(field);
    return column === undefined ? undefined : this.#values[column];
  };

  /** The next line, without its LF; `line` counts from 1. */
  see(bytes: Buffer, start: number, end: number, line: number): void {
    if (isBlank(bytes, start, end)) {
      this.violations.add('blank-line', 'there are no blank lines', 'a line without a value', line);
      return;
    }
    let text = bytes.toString('latin1', start, end);
    if (bytes[end - 1] === carriageReturn) {
      this.violations.add('carriage-return', 'lines end in LF alone', 'the line ends in CR LF', line);
      text = text.slice(0, -1);
    }
    const values = this.#split(text, line);
    if (!this.#statistics && this.#open(values, line)) return;
    this.seeValues(values, line);
  }

  /** The columns of a file that names them elsewhere than in a line. */
  openFormat(names: readonly string[]): void {
    this.#hasHeader = true;
    this.#use(names);
  }

  /** The next record, as values in the format's order. */
  seeValues(values: readonly string[], line: number): void {
    if (!this.#statistics) this.#use(this.#format);
    this.#statistics!.add(values);
    if (values.length !== this.#format.length) {
      const message = `${values.length} values, and the format has ${this.#format.length} fields`;
      this.violations.add('value-count', 'a record has one value for each field', message, line);
      return;
    }
    if (!this.#checkValues(values, line)) return;
    this.#values = values;
    for (const { id, statement, breach } of recordRules) {
      const message = breach(this.#valueOf);
      if (message !== undefined) this.violations.add(id, statement, message, line);
    }
  }

  /** A line that is longer than any of AWS's was left out. */
  seeLong(line: number): void {
    const message = `the line is longer than ${lineBytesMax} bytes; it was not read`;
    this.violations.add('line-too-long', `a line has at most ${lineBytesMax} bytes`, message, line);
  }

  result(): Inspected {
    const summary = (this.#statistics ?? new Statistics(noColumns)).summary();
    return { ...summary, format: this.#format, hasHeader: this.#hasHeader, violations: this.violations.list() };
  }

  #split(text: string, line: number): string[] {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[^\x20-\x7e]/.test(text.replaceAll('\t', ' '))) {
      const message = 'bytes outside of printable ASCII';
      this.violations.add('not-ascii', 'records are printable ASCII; tags are percent-encoded', message, line);
    }
    const values = text.split(/[ \t]+/).filter((value) => value !== '');
    if (values.join(' ') !== text) {
      const message = 'several spaces, a tab, or a space at an end';
      this.violations.add('separator', 'one space stands between two values', message, line);
    }
    return values;
  }

  /** Reads the first line; true where it is a header. */
  #open(tokens: readonly string[], line: number): boolean {
    const known = tokens.filter((token) => fieldRule(token) !== undefined).length;
    const looksLikeNames = tokens.every((token) => /^[a-z][a-z0-9-]*$/.test(token));
    if (!looksLikeNames || known * 2 < tokens.length) {
      this.#use(defaultFormat);
      const isRecord =
        tokens.length === defaultFormat.length && tokens.some((token) => /^(OK|NODATA|SKIPDATA)$/.test(token));
      if (!isRecord) {
        const message = 'neither field names nor a record of the default format';
        this.violations.add('no-header', 'the first line names the fields', message, line);
      }
      return false;
    }
    this.#hasHeader = true;
    this.#use(tokens);
    const seen = new Set<string>();
    for (const token of tokens) {
      if (fieldRule(token) === undefined)
        this.violations.add('field-unknown', 'a header names fields that AWS documents', `"${token}"`, line);
      if (seen.has(token)) this.violations.add('field-repeated', 'a header names each field once', `"${token}"`, line);
      seen.add(token);
    }
    return true;
  }

  #use(format: readonly string[]): void {
    this.#format = format;
    this.#rules = format.map(fieldRule);
    const isDefault = format.join(' ') === defaultFormat.join(' ');
    this.#version = isDefault ? 2 : Math.max(2, ...this.#rules.map((rule) => rule?.version ?? 2));
    this.#columns.clear();
    for (const [column, name] of format.entries()) if (!this.#columns.has(name)) this.#columns.set(name, column);
    const column = (name: string): number => this.#columns.get(name) ?? -1;
    this.#statistics = new Statistics({
      status: column('log-status'),
      action: column('action'),
      interface: column('interface-id'),
      start: column('start'),
      end: column('end'),
      port: column('dstport'),
    });
  }

  /** False where a value makes no sense by itself: then rules over several would only repeat it. */
  #checkValues(values: readonly string[], line: number): boolean {
    const status = values[this.#columns.get('log-status') ?? -1];
    const isUnmeasured = status === 'NODATA' || status === 'SKIPDATA';
    let isSound = true;
    for (const [i, value] of values.entries()) {
      const rule = this.#rules[i];
      if (!rule) continue;
      const { name } = rule;
      if (value === '-') {
        if (!rule.isNeverAbsent) continue;
        this.violations.add(`${name}-missing`, `${name} is never -`, `${name} is -`, line);
        isSound = false;
      } else if (!rule.holds(value)) {
        this.violations.add(`${name}-value`, `${name} is ${rule.domain}`, `${name} ${quote(value)}`, line);
        isSound = false;
      } else if (isUnmeasured && rule.isOfFlow) {
        const message = `${name} ${value} in a ${status} record`;
        this.violations.add(
          'unmeasured-with-value',
          'NODATA and SKIPDATA records say nothing of a flow',
          message,
          line,
        );
      } else if (name === 'version' && Number(value) !== this.#version) {
        const message = `version ${value}, and the format is of version ${this.#version}`;
        this.violations.add(
          'version-of-format',
          'version is the highest of the fields, in the default format 2',
          message,
          line,
        );
      }
    }
    return isSound;
  }
}

const noColumns = { status: -1, action: -1, interface: -1, start: -1, end: -1, port: -1 };

function quote(value: string): string {
  return `"${value.length > 60 ? `${value.slice(0, 60)}...` : value}"`;
}
