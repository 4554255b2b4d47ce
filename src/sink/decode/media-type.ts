// The media type of a Content-Type header, read as Go's mime.ParseMediaType reads it: the OTLP receiver refuses what that refuses.

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const parameter = /^;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*")\s*/;

/** What was asked last, as it is asked four times a request. */
let known: { readonly header: string; readonly type: string | undefined } = { header: '', type: undefined };

/** Lower-case type without its parameters, or undefined for a header that Go cannot read. */
export function mediaType(header: string): string | undefined {
  if (known.header !== header) known = { header, type: read(header) };
  return known.type;
}

function read(header: string): string | undefined {
  const semicolon = header.indexOf(';');
  const type = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
  if (type === '' || !type.split('/').every((part) => token.test(part))) return undefined;
  const seen = new Set<string>();
  let rest = semicolon === -1 ? '' : header.slice(semicolon).trim();
  while (rest !== '' && rest !== ';') {
    const match = parameter.exec(rest);
    const name = match?.[1]!.toLowerCase();
    if (!match || !name || seen.has(name)) return undefined;
    seen.add(name);
    rest = rest.slice(match[0].length);
  }
  return type;
}
