import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { commandTable } from '../../src/commands/index.ts'
import { celLanguage } from '../../src/gateway/claims/index.ts'
import { decodeFile, formatProblem } from '../../src/gateway/config/index.ts'

/**
 * Checks the guides for providers: each has one kubeconfig, whose options exist, and one
 * AuthenticationConfiguration for the same issuer and client, which passes the validation of the API
 * server.
 *
 * @param pages paths of the guides
 * @returns complaints, empty when all is well
 */
export function checkProviderGuides(pages: readonly string[]): string[] {
  return pages.flatMap((page) =>
    complaintsAbout(readFileSync(page, 'utf8')).map((complaint) => `${page}: ${complaint}`),
  )
}

const options: ReadonlySet<string> = new Set(
  commandTable.find(({ name }) => name === 'get-token')?.options.map(({ name }) => name),
)

function complaintsAbout(text: string): string[] {
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml]) => yaml ?? '')
  const args = blocks.flatMap((block) => stringsIn(at(parse(block), ...toArguments)))
  const servers = blocks.filter((block) => /^kind: AuthenticationConfiguration$/m.test(block))
  const [server] = servers
  if (args.length === 0 || server === undefined || servers.length > 1) {
    return ['it has not one kubeconfig and one AuthenticationConfiguration']
  }
  const given = new Map(args.flatMap((arg) => [...arg.matchAll(/^--([\w-]+)=(.*)$/g)].map(pair)))
  const unknown = [...given.keys()].filter((name) => !options.has(name))
  const { authentication, problems } = decodeFile('API server', server, {
    language: celLanguage,
    readText: () => undefined,
  })
  const issuers = authentication?.jwt.map(({ issuer }) => issuer) ?? []
  const isTrusted = issuers.some(({ url }) => url === given.get('oidc-issuer-url'))
  const client = given.get('oidc-client-id') ?? ''
  return [
    ...unknown.map((name) => `get-token has no option --${name}`),
    ...problems.map(formatProblem),
    ...(isTrusted ? [] : ['the API server trusts another issuer']),
    ...(issuers.some(({ audiences }) => audiences.includes(client))
      ? []
      : ['the API server expects another client']),
  ]
}

const toArguments = ['users', 0, 'user', 'exec', 'args'] as const

function pair([, name = '', value = '']: RegExpMatchArray): [string, string] {
  return [name, value]
}

function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
