// Dates as HTTP headers carry them (RFC 9110, section 5.6.7), in whole seconds.

/** Unix ms to `Wed, 21 Oct 2015 07:28:00 GMT`. */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** Unix ms of an HTTP date; undefined where the text is none, which RFC 9110 wants ignored. */
export function parseHttpDate(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
