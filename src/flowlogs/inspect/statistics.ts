// What a file holds, in numbers: counted line by line, in memory that does not grow with the file.

/** Interfaces and windows that are told apart; beyond, the count is "at least". */
const distinctMax = 200_000;
const shownPorts = 10;

export interface Summary {
  readonly records: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Of the records with status OK. */
  readonly byAction: Readonly<Record<string, number>>;
  readonly interfaces: number;
  readonly windows: number;
  /** Unix seconds; absent where the format has no times. */
  readonly firstStartS?: number;
  readonly lastEndS?: number;
  readonly topPorts: readonly PortCount[];
  /** Of the records with action REJECT. */
  readonly topRejectedPorts: readonly PortCount[];
}

interface PortCount {
  readonly port: number;
  readonly records: number;
}

/** Places of the fields that are counted, or -1. */
type Columns = Readonly<Record<'status' | 'action' | 'interface' | 'start' | 'end' | 'port', number>>;

export class Statistics {
  #records = 0;
  readonly #byStatus = new Map<string, number>();
  readonly #byAction = new Map<string, number>();
  readonly #interfaces = new Set<string>();
  readonly #windows = new Set<string>();
  #firstStartS = Infinity;
  #lastEndS = -Infinity;
  readonly #ports = new Float64Array(65_536);
  readonly #rejectedPorts = new Float64Array(65_536);

  readonly #columns: Columns;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  add(values: readonly string[]): void {
    const columns = this.#columns;
    this.#records++;
    const status = values[columns.status];
    if (status !== undefined) count(this.#byStatus, status);
    const action = values[columns.action];
    if (action !== undefined && action !== '-') count(this.#byAction, action);
    const name = values[columns.interface];
    if (name !== undefined && name !== '-' && this.#interfaces.size < distinctMax) this.#interfaces.add(name);
    const [start, end] = [values[columns.start], values[columns.end]];
    if (start !== undefined && Number(start) > 0) this.#firstStartS = Math.min(this.#firstStartS, Number(start));
    if (end !== undefined && Number(end) > 0) this.#lastEndS = Math.max(this.#lastEndS, Number(end));
    if (start !== undefined && end !== undefined && this.#windows.size < distinctMax)
      this.#windows.add(`${start} ${end}`);
    const port = Number(values[columns.port]);
    if (port > 0 && port < 65_536) {
      this.#ports[port]! += 1;
      if (action === 'REJECT') this.#rejectedPorts[port]! += 1;
    }
  }

  summary(): Summary {
    return {
      records: this.#records,
      byStatus: Object.fromEntries(this.#byStatus),
      byAction: Object.fromEntries(this.#byAction),
      interfaces: this.#interfaces.size,
      windows: this.#windows.size,
      ...(this.#firstStartS < Infinity ? { firstStartS: this.#firstStartS } : {}),
      ...(this.#lastEndS > -Infinity ? { lastEndS: this.#lastEndS } : {}),
      topPorts: topOf(this.#ports),
      topRejectedPorts: topOf(this.#rejectedPorts),
    };
  }
}

function topOf(counts: Float64Array): PortCount[] {
  const ports: PortCount[] = [];
  counts.forEach((records, port) => {
    if (records > 0) ports.push({ port, records });
  });
  return ports.toSorted((a, b) => b.records - a.records || a.port - b.port).slice(0, shownPorts);
}

/** Words beyond a few, and what is longer than any of AWS's, are counted together: a broken file may have any. */
const wordsMax = 20;
const wordLengthMax = 32;

function count(words: Map<string, number>, word: string): void {
  const isShort = word.length <= wordLengthMax;
  const name = isShort && (words.has(word) || words.size < wordsMax) ? word : 'others';
  words.set(name, (words.get(name) ?? 0) + 1);
}
