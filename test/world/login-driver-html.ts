/** A form of a page, as a browser sees it. */
export interface HtmlForm {
  /** Where it is sent, as written: possibly relative, possibly empty. */
  readonly action: string
  /** How it is sent. */
  readonly method: 'get' | 'post'
  /** Its input fields in the order of the page. */
  readonly fields: readonly HtmlField[]
  /** Its submit buttons, those outside that name it with `form="…"` included. */
  readonly buttons: readonly HtmlField[]
}

/** An input field or a button. */
export interface HtmlField {
  /** Its name; empty when it sends nothing. */
  readonly name: string
  /** Its value. */
  readonly value: string
  /** Its type, for example `password`; for a button `submit`. */
  readonly type: string
}

/** Finds the first form of a page. It understands the plain HTML that login pages are made of. */
export function findForm(html: string): HtmlForm | undefined {
  const [form, head = '', content = ''] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html) ?? []
  if (form === undefined) return undefined
  const { id, action = '', method = 'get' } = attributesOf(head)
  const fields = tagsOf(content, 'input')
  const outside = tagsOf(html.replace(form, ''), 'button').filter((tag) => tag.form === id)
  const buttons = [
    ...fields.filter(({ type }) => type === 'submit'),
    ...tagsOf(content, 'button'),
    ...(id === undefined ? [] : outside),
  ]
  return {
    action,
    method: method.toLowerCase() === 'post' ? 'post' : 'get',
    fields: fields.filter(({ type }) => type !== 'submit').map((tag) => fieldOf(tag, 'text')),
    buttons: buttons.map((tag) => fieldOf(tag, 'submit')),
  }
}

type Attributes = Readonly<Record<string, string | undefined>>

function fieldOf({ name = '', value = '', type }: Attributes, defaultType: string): HtmlField {
  return { name, value, type: type ?? defaultType }
}

function tagsOf(html: string, tag: string): Attributes[] {
  const tags = html.matchAll(new RegExp(`<${tag}\\b([^>]*)>`, 'gi'))
  return Array.from(tags, ([, attributes = '']) => attributesOf(attributes))
}

function attributesOf(text: string): Attributes {
  const attributes: Record<string, string> = {}
  const pattern = /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
  for (const [, name = '', double, single, bare] of text.matchAll(pattern)) {
    attributes[name.toLowerCase()] = unescapeHtml(double ?? single ?? bare ?? '')
  }
  return attributes
}

const characters: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number.parseInt(decimal, 10))
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return characters[name] ?? all
  })
}
