// Tags of objects, in the header of a PUT or as XML: "Categorizing your objects using tags", Amazon S3 User Guide.

import type { XmlElement } from '@rgrove/parse-xml';

import { S3Error } from './errors.ts';
import type { Tag } from './storage/entry.ts';
import { childElements, childText, readXml, s3Document, textElement } from './xml.ts';

/** Letters, numbers and blanks of any language, and these. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const limits = { tags: 10, keyLength: 128, valueLength: 256 };

/** `a=b&c=d`, percent-encoded. */
export function readTagHeader(text: string | undefined): { tags?: readonly Tag[] } {
  if (text === undefined || text === '') return {};
  const tags = [...new URLSearchParams(text)].map(([key, value]) => ({ key, value }));
  return { tags: checkTags(tags) };
}

export function readTagging(xml: string): readonly Tag[] {
  const sets = childElements(readXml(xml, 'Tagging'));
  if (sets.length !== 1 || sets[0]!.name !== 'TagSet') throw new S3Error('MalformedXML');
  return checkTags(childElements(sets[0]!).map(readTag));
}

export function taggingXml(tags: readonly Tag[]): string {
  const content = tags.map(({ key, value }) => `<Tag>${textElement('Key', key)}${textElement('Value', value)}</Tag>`);
  return s3Document('Tagging', `<TagSet>${content.join('')}</TagSet>`);
}

function readTag(element: XmlElement): Tag {
  const [key, value] = [childText(element, 'Key'), childText(element, 'Value')];
  if (element.name !== 'Tag' || key === undefined || value === undefined) throw new S3Error('MalformedXML');
  return { key, value };
}

function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > limits.tags) throw new S3Error('InvalidTag', { message: 'Object tags cannot be greater than 10' });
  for (const { key, value } of tags) {
    if (key === '' || key.length > limits.keyLength || !allowed.test(key))
      throw new S3Error('InvalidTag', { message: 'The TagKey you have provided is invalid' });
    if (value.length > limits.valueLength || !allowed.test(value))
      throw new S3Error('InvalidTag', { message: 'The TagValue you have provided is invalid' });
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw new S3Error('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' });
  }
  return tags;
}
