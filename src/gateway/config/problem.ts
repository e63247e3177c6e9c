/** Something that is wrong in a configuration file. */
export interface Problem {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Where in the document, such as `jwt[0].issuer.url`; empty for the document as a whole. */
  readonly path: string
  /** What is wrong: one or more whole sentences. */
  readonly message: string
}

/** A problem as one line, in the form that editors and terminals make a link of. */
export function formatProblem({ file, line, path, message }: Problem): string {
  return `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`
}

/** A value of the file for a message: quoted, on one line, and not too long. */
export function quote(value: string): string {
  const shown = value.length > longestQuote ? `${value.slice(0, longestQuote)}…` : value
  return JSON.stringify(shown)
}

const longestQuote = 80
