// Which lines of a file hold no record.

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;

/** Whether a line holds nothing but spaces, tabs and CR at its end. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte !== space && byte !== tab && (byte !== carriageReturn || i !== end - 1)) return false;
  }
  return true;
}
