/** What an answer is made of: text, a list (each item in a `<member>`), a map (`<entry>`), or named fields. */
export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | ReadonlyMap<string, XmlValue> | XmlFields;

/** Fields of one XML element, in order; undefined fields are left out. */
export interface XmlFields {
  readonly [name: string]: XmlValue;
}

// XML 1.0 §2.2: these code points may not occur in a document, not even escaped.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for XML and HTML, in element content and in quoted attributes. */
export const escapeMarkup = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

const content = (value: Exclude<XmlValue, undefined>): string => {
  if (isList(value)) return value.map((item) => element('member', item)).join('');
  if (value instanceof Map) {
    return [...value].map(([key, item]) => element('entry', { key, value: item })).join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, item]) => element(name, item))
      .join('');
  }
  return escapeMarkup(String(value));
};

/** Renders one element in the form of the AWS query protocol. Undefined renders nothing. */
export const element = (name: string, value: XmlValue): string =>
  value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
