import wasm from 'undici/lib/llhttp/llhttp-wasm.js'

/** What a message consists of, as the parser meets it: places of texts in the chunk that is being read. */
export interface Spans {
  /** The first byte of a message has come: blank lines before it are nothing. */
  begun(): number
  text(kind: TextKind, start: number, end: number): number
  headersComplete(status: number, isUpgrade: boolean, isKeptAlive: boolean): number
  body(start: number, end: number): number
  messageComplete(): number
}

/** Texts come in pieces when a chunk ends within one. */
export type TextKind = 'target' | 'status' | 'name' | 'value'

/** Results of llhttp and of its callbacks (llhttp `api.h`; the names are its own). */
export const outcome = {
  ok: 0,
  /** Of the callback for a complete head: the message has no body. */
  skipBody: 1,
  /** Of the callback for a complete head: what follows is no HTTP. */
  upgrade: 2,
  paused: 21,
  user: 24,
} as const

/** What a parser expects; the numbers are llhttp's. */
export const side = { requests: 1, responses: 2 } as const

/** The part of WebAssembly that is used: it belongs to the browser's types, not to Node's. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Buffer) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  llhttp_alloc(type: number): number
  llhttp_free(parser: number): void
  malloc(bytes: number): number
  llhttp_execute(parser: number, data: number, length: number): number
  llhttp_finish(parser: number): number
  llhttp_resume(parser: number): void
  llhttp_get_error_pos(parser: number): number
  llhttp_errno_name(error: number): number
  llhttp_get_method(parser: number): number
  llhttp_method_name(method: number): number
  llhttp_get_http_major(parser: number): number
  llhttp_get_http_minor(parser: number): number
}

/** How much is read at once, in bytes. */
export const longestRead: number = 64 * 1024

/** Whose message is being read: llhttp reads one piece of one message at a time. */
let current: Spans | undefined

const { Instance, Module } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
const instance = new Instance(new Module(wasm), {
  env: {
    wasm_on_message_begin: () => current?.begun() ?? outcome.user,
    wasm_on_url: text('target'),
    wasm_on_status: text('status'),
    wasm_on_header_field: text('name'),
    wasm_on_header_value: text('value'),
    wasm_on_headers_complete: (_: number, status: number, isUpgrade: number, isKept: number) =>
      current?.headersComplete(status, isUpgrade === 1, isKept === 1) ?? outcome.user,
    wasm_on_body: (_: number, at: number, length: number) =>
      current?.body(at - input, at - input + length) ?? outcome.user,
    wasm_on_message_complete: () => current?.messageComplete() ?? outcome.user,
  },
})
const llhttp = instance.exports as Exports
const input = llhttp.malloc(longestRead)
let memory = new Uint8Array(llhttp.memory.buffer)

function text(kind: TextKind) {
  return (_: number, at: number, length: number): number =>
    current?.text(kind, at - input, at - input + length) ?? outcome.user
}

/** Makes a parser in the module's memory: it must be {@link freed}. Strict: no leniency is switched on. */
export function allocated(type: (typeof side)[keyof typeof side]): number {
  return llhttp.llhttp_alloc(type)
}

/** Gives a parser back. */
export function freed(parser: number): void {
  llhttp.llhttp_free(parser)
}

/**
 * Reads on.
 *
 * @param chunk at most {@link longestRead} bytes
 * @returns the outcome, and the place where it was reached
 */
export function execute(parser: number, spans: Spans, chunk: Uint8Array): [number, number] {
  present().set(chunk, input)
  const result = read(parser, spans, chunk.length)
  if (result === outcome.ok) return [result, chunk.length]
  return [result, llhttp.llhttp_get_error_pos(parser) - input]
}

/**
 * Reads the start line of a message as if it were its whole head: as if the empty line stood behind it.
 *
 * @param chunk begins with a message
 * @param end where the line ends, its CRLF included; less than {@link longestRead}
 * @returns the outcome
 */
export function executeStartLine(
  parser: number,
  spans: Spans,
  chunk: Uint8Array,
  end: number,
): number {
  const into = present()
  // Start lines are short: making a view of one would cost more than this.
  for (let at = 0; at < end; at += 1) into[input + at] = chunk[at] ?? 0
  into.set(emptyLine, input + end)
  return read(parser, spans, end + emptyLine.length)
}

const emptyLine = Buffer.from('\r\n')

/** The module's memory: when it has grown it is another buffer, and the old one is empty. */
function present(): Uint8Array {
  if (memory.length === 0) memory = new Uint8Array(llhttp.memory.buffer)
  return memory
}

/** Reads what stands in the memory. @returns the outcome */
function read(parser: number, spans: Spans, length: number): number {
  current = spans
  try {
    return llhttp.llhttp_execute(parser, input, length)
  } finally {
    current = undefined
  }
}

/** Tells a parser that nothing more comes. @returns the outcome */
export function finish(parser: number, spans: Spans): number {
  current = spans
  try {
    return llhttp.llhttp_finish(parser)
  } finally {
    current = undefined
  }
}

/** Lets a parser go on that has paused. */
export function resume(parser: number): void {
  llhttp.llhttp_resume(parser)
}

/** The name of an outcome, as Node's own parser gives it (`HPE_INVALID_CONSTANT`). */
export function outcomeName(result: number): string {
  return cString(llhttp.llhttp_errno_name(result))
}

const methodNames = new Map<number, string>()

/** The method of the request whose head is complete. */
export function methodOf(parser: number): string {
  const method = llhttp.llhttp_get_method(parser)
  const known = methodNames.get(method)
  if (known !== undefined) return known
  const name = cString(llhttp.llhttp_method_name(method))
  methodNames.set(method, name)
  return name
}

/** The version of the message whose head is complete (`1.1`). */
export function versionOf(parser: number): string {
  const major = llhttp.llhttp_get_http_major(parser)
  const minor = llhttp.llhttp_get_http_minor(parser)
  return major === 1 && minor === 1 ? '1.1' : `${major}.${minor}`
}

function cString(at: number): string {
  const bytes = new Uint8Array(llhttp.memory.buffer)
  return Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString('latin1')
}
