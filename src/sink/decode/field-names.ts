// Names of fields, found by the bytes of a key: a hash without collisions among the names themselves says which one it can only be.

interface Name {
  readonly bytes: Uint8Array;
  readonly code: number;
}

const tableSize = 256;

export class FieldNames {
  private readonly table: readonly (Name | undefined)[];
  private readonly factor: number;

  /** Codes are above 0. */
  constructor(codes: Readonly<Record<string, number>>) {
    const names = Object.entries(codes).map(([name, code]): Name => ({ bytes: Buffer.from(name), code }));
    for (let factor = 1; ; factor++) {
      const table: (Name | undefined)[] = Array.from({ length: tableSize });
      if (names.every((name) => place(table, name, factor))) {
        this.table = table;
        this.factor = factor;
        return;
      }
    }
  }

  /** The code of the name that stands there, or 0. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    const name = this.table[hash(bytes, { start, end, factor: this.factor })];
    if (!name || name.bytes.length !== end - start) return 0;
    const expected = name.bytes;
    for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return 0;
    return name.code;
  }
}

function place(table: (Name | undefined)[], name: Name, factor: number): boolean {
  const at = hash(name.bytes, { start: 0, end: name.bytes.length, factor });
  if (table[at]) return false;
  table[at] = name;
  return true;
}

function hash(bytes: Uint8Array, { start, end, factor }: { start: number; end: number; factor: number }): number {
  const middle = (start + end) >> 1;
  return (((end - start) * 31 + bytes[start]!) * factor + bytes[middle]! * 7 + bytes[end - 1]!) & (tableSize - 1);
}
