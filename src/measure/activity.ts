// When anything went on in a run, on a grid of fixed size: so that long stretches in which nothing did can be left out of a chart.

/** Cells of the grid: their width doubles whenever a time does not fit, so any span takes the same memory. */
const cellCount = 8192;
/** Cells before the first time that was marked: not all facts come in order. */
const cellsBefore = cellCount / 4;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Activity {
  #cellMs = 1;
  #originMs = NaN;
  #begins = new Uint32Array(cellCount);
  #ends = new Uint32Array(cellCount);
  #firstMs = Infinity;
  #lastMs = -Infinity;

  /** Something went on from one time to the other, both Unix ms; once is enough for a single moment. */
  mark(fromMs: number, toMs = fromMs): void {
    if (!Number.isFinite(fromMs) || !(toMs >= fromMs)) return;
    if (Number.isNaN(this.#originMs)) this.#originMs = Math.floor(fromMs);
    this.#firstMs = Math.min(this.#firstMs, fromMs);
    this.#lastMs = Math.max(this.#lastMs, toMs);
    while (!this.#holds(fromMs) || !this.#holds(toMs)) this.#widen();
    this.#begins[this.#cellOf(fromMs)]! += 1;
    this.#ends[this.#cellOf(toMs)]! += 1;
  }

  /** From the first time marked to the last; undefined where nothing was. */
  span(): Span | undefined {
    return this.#firstMs <= this.#lastMs ? { fromMs: this.#firstMs, toMs: this.#lastMs } : undefined;
  }

  /** Stretches between the first and the last time in which nothing went on, in order. */
  gaps(): Span[] {
    const gaps: Span[] = [];
    let open = 0;
    let lastActive = -1;
    for (let cell = 0; cell < cellCount; cell++) {
      open += this.#begins[cell]!;
      if (open > 0) {
        if (lastActive >= 0 && cell > lastActive + 1) {
          gaps.push({ fromMs: this.#timeOf(lastActive + 1), toMs: this.#timeOf(cell) });
        }
        lastActive = cell;
      }
      open -= this.#ends[cell]!;
    }
    return gaps;
  }

  #cellOf(ms: number): number {
    return Math.floor((ms - this.#originMs) / this.#cellMs) + cellsBefore;
  }

  #timeOf(cell: number): number {
    return this.#originMs + (cell - cellsBefore) * this.#cellMs;
  }

  #holds(ms: number): boolean {
    const cell = this.#cellOf(ms);
    return cell >= 0 && cell < cellCount;
  }

  #widen(): void {
    this.#begins = halved(this.#begins);
    this.#ends = halved(this.#ends);
    this.#cellMs *= 2;
  }
}

/** Two cells into one, around the origin's. */
function halved(cells: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const wide = new Uint32Array(cellCount);
  for (let cell = 0; cell < cellCount; cell++) {
    wide[Math.floor((cell - cellsBefore) / 2) + cellsBefore]! += cells[cell]!;
  }
  return wide;
}
