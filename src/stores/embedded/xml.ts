// S3's XML. Writing is a few functions on strings; reading uses a strict parser, because a lax one would accept what AWS
// refuses.

import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

import { S3Error } from './errors.ts';

/** Namespace of every S3 answer but errors (Amazon S3 API Reference). */
const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** One element with text; nothing at all where the value is undefined. */
export function textElement(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** A whole document in S3's namespace; `content` is XML already. */
export function s3Document(root: string, content: string): string {
  return `${xmlDeclaration}<${root} xmlns="${s3Namespace}">${content}</${root}>`;
}

/** A document of one element with text. */
export function s3Element(root: string, text: string): string {
  return s3Document(root, escapeXml(text));
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Control characters become references, as AWS writes them. XML 1.0 has no way to hold most of them, which is why clients
 * that list such keys ask for `encoding-type=url`.
 */
function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the characters that XML 1.0 cannot hold as they are
  return text.replace(/[&<>"\u0000-\u001f\ufffe\uffff]/g, (char) => escapes[char] ?? `&#${char.charCodeAt(0)};`);
}

/** Reads a request's XML; what is not well-formed is MalformedXML. */
export function readXml(text: string, rootName: string): XmlElement {
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch {
    throw new S3Error('MalformedXML');
  }
  if (root?.name !== rootName) throw new S3Error('MalformedXML');
  return root;
}

/** The element's children that are elements; text between them other than blanks is MalformedXML. */
export function childElements(element: XmlElement): XmlElement[] {
  const children: XmlElement[] = [];
  for (const child of element.children) {
    if (child instanceof XmlElement) children.push(child);
    else if (child instanceof XmlText && child.text.trim() !== '') throw new S3Error('MalformedXML');
  }
  return children;
}

/** Text of the one child of this name; undefined where there is none. Two of them are MalformedXML. */
export function childText(element: XmlElement, name: string): string | undefined {
  const found = childElements(element).filter((child) => child.name === name);
  if (found.length > 1) throw new S3Error('MalformedXML');
  return found[0]?.text;
}
