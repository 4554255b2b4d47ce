// Dates as HTTP headers carry them (RFC 9110, section 5.6.7), in whole seconds.

/** By the second: what is asked for comes again and again, and each one made takes about 1 µs. */
const formatted = new Map<number, string>();
const maxFormatted = 1000;

/** Unix ms to `Wed, 21 Oct 2015 07:28:00 GMT`. */
export function formatHttpDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  let text = formatted.get(second);
  if (text === undefined) {
    if (formatted.size === maxFormatted) formatted.clear();
    text = new Date(ms).toUTCString();
    formatted.set(second, text);
  }
  return text;
}

/** Unix ms of an HTTP date; undefined where the text is none, which RFC 9110 wants ignored. */
export function parseHttpDate(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
