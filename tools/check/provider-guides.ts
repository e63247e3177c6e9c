import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { commandTable } from '../../src/commands/index.ts'

/**
 * Checks the guides for providers: each has one kubeconfig, whose options exist, and one
 * AuthenticationConfiguration for the same issuer and client.
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
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml]) =>
    parse(yaml ?? ''),
  )
  const args = blocks.flatMap((block) => stringsIn(at(block, 'users', 0, 'user', 'exec', 'args')))
  const servers = blocks.filter((block) => at(block, 'kind') === 'AuthenticationConfiguration')
  const [jwt] = servers.map((block) => at(block, 'jwt', 0))
  if (args.length === 0 || servers.length !== 1) {
    return ['it has not one kubeconfig and one AuthenticationConfiguration']
  }
  const given = new Map(args.flatMap((arg) => [...arg.matchAll(/^--([\w-]+)=(.*)$/g)].map(pair)))
  const unknown = [...given.keys()].filter((name) => !options.has(name))
  return [
    ...unknown.map((name) => `get-token has no option --${name}`),
    ...(at(jwt, 'issuer', 'url') === given.get('oidc-issuer-url')
      ? []
      : ['the API server trusts another issuer']),
    ...(stringsIn(at(jwt, 'issuer', 'audiences')).includes(given.get('oidc-client-id') ?? '')
      ? []
      : ['the API server expects another client']),
    ...(typeof at(jwt, 'claimMappings', 'username', 'prefix') === 'string'
      ? []
      : ['the username has no prefix, which the API server demands']),
  ]
}

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
