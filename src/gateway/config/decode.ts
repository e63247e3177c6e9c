import type { AuthenticationConfiguration } from './authentication-configuration.ts'
import { authenticationApiVersions, decodeAuthentication } from './decode-authentication.ts'
import { decodeGateway, gatewayApiVersion } from './decode-gateway.ts'
import {
  type Cursor,
  closestName,
  fieldAt,
  lineOfPath,
  parseDocuments,
  pathAt,
  quote,
  report,
  textAt,
} from './decoding/index.ts'
import type { ExpressionLanguage } from './expression-language.ts'
import type { GatewayConfiguration } from './gateway-configuration.ts'
import type { Problem } from './problem.ts'

/** What a file held: at most one document of each kind, decoded. */
export interface DecodedFile {
  readonly gateway: GatewayConfiguration | undefined
  readonly authentication: AuthenticationConfiguration | undefined
  /** The file that `authentication` of the GatewayConfiguration names, as an absolute path. */
  readonly authenticationFile: string | undefined
  /** Everything that is wrong. Unless it is empty, the documents must not be used. */
  readonly problems: readonly Problem[]
  /** The line of a path in a document, for what is found to be wrong later. */
  readonly lineOf: (kind: Kind, path: string) => number
}

/** What {@link decodeFile} needs beside the text. */
export interface DecodeContext {
  readonly language: ExpressionLanguage
  /** Reads a file that the configuration names; undefined when it cannot. */
  readonly readText: (path: string) => string | undefined
  /** The only kind that the file may hold; absent when it may hold both. */
  readonly only?: Kind
}

/**
 * Decodes the YAML or JSON text of a file with a GatewayConfiguration, an AuthenticationConfiguration or
 * both. It throws nothing, whatever the text is.
 *
 * @param file named in problems
 */
export function decodeFile(file: string, text: string, context: DecodeContext): DecodedFile {
  const problems: Problem[] = []
  const found = new Map<Kind, Cursor>()
  for (const root of parseDocuments(file, text, problems)) {
    const kind = kindOf(root)
    if (kind === undefined) continue
    if (context.only !== undefined && kind !== context.only) {
      report(root, `The file must hold the kind ${context.only}, not ${kind}.`)
    } else if (found.has(kind)) report(root, `A second ${kind} stands here.`)
    else found.set(kind, root)
  }
  if (found.size === 0 && problems.length === 0) {
    const wanted = context.only ?? kinds.join(' or ')
    const message = `There is no document of kind ${wanted} in the file.`
    problems.push({ file, line: 1, path: '', message })
  }
  const gateway = found.get('GatewayConfiguration')
  const authentication = found.get('AuthenticationConfiguration')
  const decoded = {
    gateway: gateway && decodeGateway(gateway, context.readText),
    authentication: authentication && decodeAuthentication(authentication, context.language),
    authenticationFile: pathAt(gateway && fieldAt(gateway, 'authentication'), undefined),
  }
  return {
    ...decoded,
    problems: problems.toSorted((one, other) => one.line - other.line),
    lineOf(kind, path) {
      const root = found.get(kind)
      return root ? lineOfPath(root, path) : 1
    },
  }
}

const kinds = ['GatewayConfiguration', 'AuthenticationConfiguration'] as const

/** Kind of a document. */
export type Kind = (typeof kinds)[number]

const apiVersionsOf: Readonly<Record<Kind, readonly string[]>> = {
  GatewayConfiguration: [gatewayApiVersion],
  AuthenticationConfiguration: authenticationApiVersions,
}

function kindOf(root: Cursor): Kind | undefined {
  const name = textAt(fieldAt(root, 'kind'), '')
  const apiVersion = textAt(fieldAt(root, 'apiVersion'), '')
  const kind = kinds.find((known) => known === name)
  if (kind === undefined) {
    const meant = closestName(name, kinds)
    const hint = meant === undefined ? `Known are ${kinds.join(', ')}.` : `Did you mean "${meant}"?`
    report(
      root,
      name === '' ? `kind is missing. ${hint}` : `There is no kind ${quote(name)}. ${hint}`,
    )
    return undefined
  }
  const versions = apiVersionsOf[kind]
  if (!versions.includes(apiVersion)) {
    report(
      root,
      `apiVersion of a ${kind} must be ${versions.join(' or ')}, not ${quote(apiVersion)}.`,
    )
    return undefined
  }
  return kind
}
