// HTML by a tagged template that escapes whatever is put into it: text of others becomes markup nowhere, because nothing else can
// put text into a page.

import { visible } from '../text.ts';

/** Text that is HTML already. Only this file makes it from text, and `trusted` only of our own. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | false | readonly Part[];

/** Attributes must stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, piece, i) => `${text}${textOf(parts[i - 1])}${piece}`));
}

/** Our own script, style or SVG; never text of others. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Data for a script to read. Inside of a script element only `<` could end it or begin a comment (HTML, section 4.12.1.3). */
export function jsonElement(id: string, value: unknown): Markup {
  return new Markup(
    `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', String.raw`\u003c`)}</script>`,
  );
}

/** Characters of one text of others that are shown; result.json has the rest. */
const textLimit = 1500;

export function cut(text: string, limit = textLimit): string {
  return text.length > limit ? `${text.slice(0, limit)}... and ${text.length - limit} more characters` : text;
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'number') return String(part);
  return typeof part === 'string' ? escape(part) : part.map(textOf).join('');
}

/** Line feeds stay, other control characters are shown. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
