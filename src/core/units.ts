// Quantities as people write them: YAML 1.2 reads 200_000 as text, so every number of ours is a number or a text.

const countFactors: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const sizeFactors: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
const durationFactorsMs: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };

export type Quantity = number | string;

/** Each parser returns undefined for what it cannot read; the caller knows the place and says so. */
function parse(value: Quantity, factors: Readonly<Record<string, number>>): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 && '' in factors ? value : undefined;
  const match = /^(\d[\d_]*(?:\.\d+)?|\.\d+)\s*([A-Za-z]*)$/.exec(value.trim());
  if (!match) return undefined;
  const factor = Object.hasOwn(factors, match[2]!) ? factors[match[2]!] : undefined;
  return factor === undefined ? undefined : Number(match[1]!.replaceAll('_', '')) * factor;
}

/** `200k`, `1.5M`, `200_000` or a number: a whole count. */
export function parseCount(value: Quantity): number | undefined {
  const count = parse(value, countFactors);
  return count === undefined || !Number.isSafeInteger(Math.round(count)) ? undefined : Math.round(count);
}

/** `512B`, `64kB`, `1MiB` or a number of bytes. */
export function parseSizeBytes(value: Quantity): number | undefined {
  const size = parse(value, sizeFactors);
  return size === undefined ? undefined : Math.round(size);
}

/** A Lambda's memory: `512MB` is MiB there, as AWS says it. A bare number is MiB too. Returns bytes. */
export function parseMemoryBytes(value: Quantity): number | undefined {
  if (typeof value === 'number') return value > 0 ? value * 1024 ** 2 : undefined;
  return parseSizeBytes(value.replace(/(\d)\s*MB$/, '$1MiB').replace(/(\d)\s*GB$/, '$1GiB'));
}

/** `250ms`, `5s`, `2m`, `6h`, in ms. A bare number has no unit and is refused, but 0. */
export function parseDurationMs(value: Quantity): number | undefined {
  if (value === 0 || value === '0') return 0;
  return parse(value, durationFactorsMs);
}

/** `0.05` or `5%`: between 0 and 1. */
export function parseShare(value: Quantity): number | undefined {
  const share =
    typeof value === 'number'
      ? value
      : /^\s*(\d+(\.\d+)?|\.\d+)\s*%\s*$/.test(value)
        ? parseFloat(value) / 100
        : Number(value.trim() || NaN);
  return share >= 0 && share <= 1 ? share : undefined;
}

/** `5k/s`: a rate per second. */
export function parseRatePerS(value: Quantity): number | undefined {
  const match = typeof value === 'string' ? /^(.+)\/s$/.exec(value.trim()) : null;
  return match ? parse(match[1]!, countFactors) : undefined;
}

/** 1234567 as `1,234,567`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A rate as people read it: `109,646`, and below 10 one decimal. */
export function formatRate(perS: number): string {
  return perS < 10 ? perS.toFixed(1) : formatCount(perS);
}

/** Bytes as people read them: `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = Math.round(bytes);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Milliseconds as people read them: `85 ms`, `1.5 s`, `3 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2026-01-01T00:00:00Z` to Unix ms; undefined where it is no date. */
export function parseInstantMs(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The second that was formatted last, and its text up to the point: events come many a second, and Date costs 0.6 us each. */
let lastSecond = NaN;
let lastText = '';

/** Unix ms to ISO 8601 in UTC. */
export function formatInstant(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    const text = new Date(ms).toISOString();
    if (text.length !== 24 || ms < 0) return text;
    [lastSecond, lastText] = [second, text.slice(0, 20)];
  }
  return `${lastText}${String(Math.floor(ms) - second * 1000).padStart(3, '0')}Z`;
}

/** For interfaces that take no number. */
export function dateOf(ms: number): Date {
  return new Date(ms);
}

/** Unix ms to a date of HTTP's headers, to the second (RFC 9110, section 5.6.7). */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** A date of HTTP's headers to Unix ms; undefined for what is none. */
export function parseHttpDateMs(text: string): number | undefined {
  return /^[A-Z][a-z]{2}/.test(text) ? parseInstantMs(text) : undefined;
}
