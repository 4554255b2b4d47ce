// Where the columns of one line stand. Runs of spaces separate: AWS writes one space, its documentation sometimes two, and an
// empty column does not exist (`-` stands for no value). A line with another number of columns than its header is never shifted:
// the caller sees the count.

const space = 0x20;

/** The most columns a line may have; AWS knows fewer than a hundred fields. */
export const maxColumns = 1024;

/** Reused for every line. */
export class Columns {
  readonly starts = new Int32Array(maxColumns);
  readonly ends = new Int32Array(maxColumns);
  count = 0;
  /** The line has bytes above 0x7f, so it may be no valid UTF-8. */
  hasHighBytes = false;

  /** `count` is `maxColumns + 1` where the line has more. */
  split(bytes: Uint8Array, start: number, end: number): void {
    const { starts, ends } = this;
    let count = 0;
    let seen = 0;
    let at = start;
    while (at < end) {
      if (bytes[at] === space) {
        at += 1;
        continue;
      }
      if (count === maxColumns) {
        count += 1;
        break;
      }
      starts[count] = at;
      while (at < end && bytes[at] !== space) seen |= bytes[at++]!;
      ends[count++] = at;
    }
    this.count = count;
    // A line with too many columns was not read to its end.
    this.hasHighBytes = seen > 0x7f || count > maxColumns;
  }
}
