// The bytes that mean something in JSON.

export const nul = 0;
export const tab = 0x09;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const blank = 0x20;
export const quote = 0x22;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const digitZero = 0x30;
export const digitNine = 0x39;
export const colon = 0x3a;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const closeBracket = 0x5d;
export const letterF = 0x66;
export const letterN = 0x6e;
export const letterT = 0x74;
export const letterU = 0x75;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** A byte as Go's %c prints it. */
export function character(byte: number): string {
  return String.fromCharCode(byte);
}
