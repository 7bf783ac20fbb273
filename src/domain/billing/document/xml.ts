/** A node of an XML document: its name, attributes, and text or children. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string>>;
  content: string | readonly XmlNode[];
}

type Part = XmlNode | null | readonly (XmlNode | null)[];

/** A node with children; what is null is left out. */
export function node(name: string, ...parts: readonly Part[]): XmlNode {
  return { name, attributes: {}, content: parts.flat().filter((part) => part !== null) };
}

/** A node with text. */
export function leaf(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): XmlNode {
  return { name, attributes, content: text };
}

/** As a document: UTF-8, two spaces a level, characters XML cannot carry left out. */
export function printXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${print(root, '')}\n`;
}

function print({ name, attributes, content }: XmlNode, indent: string): string {
  const opening = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(value)}"`),
  ].join(' ');
  if (typeof content === 'string') return `${indent}<${opening}>${escapeXml(content)}</${name}>`;
  if (content.length === 0) return `${indent}<${opening}/>`;
  const inner = content.map((child) => print(child, `${indent}  `)).join('\n');
  return `${indent}<${opening}>\n${inner}\n${indent}</${name}>`;
}

/** XML 1.0 allows tab, line feed, carriage return and what is above U+0020 but surrogates, U+FFFE and U+FFFF. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
