// JSON values, and what a Go parser says of a text that is no JSON.

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What goccy/go-json says when it reads an array of maps from a text that JSON.parse refused. Its texts changed with its
 * versions, so ours are exact for the common mistakes only: no array, an array cut short, something after the array.
 */
export function jsonSyntaxError(text: string): string {
  const trimmed = text.trimStart();
  if (/^-?\d/.test(trimmed)) return 'json: cannot unmarshal number into Go value of type []map[string]interface {}';
  if (!trimmed.startsWith('[')) return 'json: slice unexpected end of JSON input';
  if (/^\[\s*(?:[^\s{\]n]|$)/.test(trimmed)) return 'expected { character for map value';
  const trailing = afterTopLevel(trimmed);
  if (trailing !== undefined) return `invalid character '${trailing}' after top-level value`;
  if (/\}\s*$/.test(trimmed)) return 'json: invalid character as slice';
  if (/\}\s*,\s*\]/.test(trimmed)) return 'expected { character for map value';
  const last = /[[{,:"]\s*$/.test(trimmed) ? '\0' : trimmed.at(-1)!;
  return `invalid character '${last}' looking for beginning of value`;
}

/** The first character behind a complete array, if there is one. */
function afterTopLevel(text: string): string | undefined {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (isText) {
      if (character === '\\') i++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return text.slice(i + 1).trimStart()[0];
  }
  return undefined;
}
