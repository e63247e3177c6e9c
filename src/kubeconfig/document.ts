import { type Document, LineCounter, parseDocument } from 'yaml'
import { OidcLoginError } from '../errors.ts'

/** The text of a kubeconfig as a tree that remembers its comments and its order. */
export interface KubeconfigDocument {
  /** The tree. */
  readonly document: Document
  /** What it holds, as plain values. */
  readonly value: unknown
  /** The line of the text, from 1, on which what stands at a path begins. */
  lineOf(keys: readonly (string | number)[]): number
}

/**
 * Parses a kubeconfig. kubectl reads YAML 1.1, in which a plain `yes` is a boolean, so the same rules
 * are followed here.
 *
 * @param path named in errors
 * @throws OidcLoginError `kubeconfig_invalid` with file and line
 */
export function parseKubeconfigText(path: string, text: string): KubeconfigDocument {
  const lines = new LineCounter()
  const options = { version: '1.1', lineCounter: lines, prettyErrors: false } as const
  const document = parseDocument(text, options)
  const [error] = document.errors
  if (error) {
    throw invalidKubeconfig(path, lines.linePos(error.pos[0]).line, 'it is not valid YAML')
  }
  return {
    document,
    value: plainValues(path, document),
    lineOf(keys) {
      for (let depth = keys.length; depth >= 0; depth -= 1) {
        const node: unknown = document.getIn(keys.slice(0, depth), true)
        const start: unknown = Object(Object(node).range)[0]
        if (typeof start === 'number') return lines.linePos(start).line
      }
      return 1
    },
  }
}

/** Aliases can multiply a short text into more than any memory holds; the library then gives up. */
function plainValues(path: string, document: Document): unknown {
  try {
    return document.toJS()
  } catch {
    throw invalidKubeconfig(path, 1, 'its aliases lead nowhere, or multiply too much')
  }
}

/** The error for a kubeconfig that cannot be understood. It never quotes the file, which has secrets. */
export function invalidKubeconfig(path: string, line: number, why: string): OidcLoginError {
  return new OidcLoginError('kubeconfig_invalid', `The kubeconfig ${path}, line ${line}: ${why}.`, {
    hint: 'Correct the file; "kubectl config view" reads it, too.',
  })
}
