import { S3Error } from './s3-error.ts'

/** An element's content: text, child elements by name, or several elements of the same name; absent ones are left out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent }

/** An XML document with one root element in S3's namespace. */
export function xmlDocument(root: string, content: XmlContent): string {
  const body = typeof content === 'object' ? children(content) : escapeXml(String(content ?? ''))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</${root}>`
}

/**
 * The root element of a request's document; text stays text, and every element is a list, since any may be repeated.
 *
 * @throws S3Error MalformedXML when the text is no XML or has another root.
 */
export async function parseXmlDocument(text: string, root: string): Promise<XmlElement> {
  // Few servers are ever sent a document, and none should hold the parser in memory until then.
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  if (XMLValidator.validate(text) !== true) throw new S3Error('MalformedXML')
  const options = {
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: () => true,
    ignoreDeclaration: true,
  }
  const document: unknown = new XMLParser(options).parse(text)
  const [element] = elements(document, root)
  if (element === undefined) throw new S3Error('MalformedXML')
  return element
}

export type XmlElement = unknown

/** The child elements with this name, in order. */
export function elements(parent: XmlElement, name: string): readonly XmlElement[] {
  if (typeof parent !== 'object' || parent === null) return []
  const children: unknown = new Map(Object.entries(parent)).get(name)
  return Array.isArray(children) ? children : []
}

/** The text of the first child element with this name. */
export function textOf(parent: XmlElement, name: string): string | undefined {
  const [child] = elements(parent, name)
  return typeof child === 'string' ? child : undefined
}

const children = (content: object): string =>
  Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('')

function element(name: string, content: XmlContent): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join('')
  const body = typeof content === 'object' ? children(content) : escapeXml(String(content))
  return `<${name}>${body}</${name}>`
}

// Control characters are legal in keys but not in XML; clients that list such keys ask for the URL encoding.
const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
