import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** Who may use what: a package or Node module, and the folders and files below `src/` that may. */
const reserved: readonly { readonly pattern: RegExp; readonly allowed: readonly string[] }[] = [
  { pattern: /^openid-client$/, allowed: ['provider/'] },
  { pattern: /^commander$/, allowed: ['commands/', 'gateway/commands/'] },
  { pattern: /^@napi-rs\/keyring/, allowed: ['system/'] },
  { pattern: /^open$/, allowed: ['system/'] },
  {
    pattern: /^node:(fs|child_process|tls|os|tty|readline)/,
    allowed: [
      'system/',
      'gateway/proxy/',
      'gateway/upstream/',
      'gateway/operations/',
      'gateway/verify/',
      'gateway/audit/file-sink.ts',
    ],
  },
  // Names are resolved by the operating system (dns.lookup below node:net): VPNs with split DNS need it.
  // Only the doctor asks for a name alone, by the same dns.lookup.
  { pattern: /^node:dns/, allowed: ['system/connection-probe.ts'] },
  {
    pattern: /^node:(net|http|https)$/,
    allowed: [
      'system/',
      'login/callback/',
      'logout/hand-off.ts',
      'gateway/proxy/',
      'gateway/upstream/',
      'gateway/operations/',
      'gateway/verify/',
      'gateway/workers/',
    ],
  },
  { pattern: /^node:cluster$/, allowed: ['gateway/workers/'] },
  { pattern: /^undici(\/|$)/, allowed: ['gateway/http1/'] },
  { pattern: /^@marcbachmann\/cel-js/, allowed: ['gateway/claims/'] },
  { pattern: /^prom-client$/, allowed: ['gateway/metrics/'] },
  { pattern: /^pino$/, allowed: ['gateway/operations/'] },
]

/**
 * The rooms that both programs may enter. Beyond them neither knows the other: a weakness of one must
 * not become one of the other.
 */
const shared = [
  'errors.ts',
  'escape-html.ts',
  'build-info.ts',
  'run-main.ts',
  'usage-error.ts',
  'printable.ts',
  'seconds.ts',
  'system/',
  'findings/',
  'onboarding/',
  'kubeconfig/',
  'kubernetes/',
]

/** Parts of the environment that only the composition root and the doors may touch. */
const processUse = /\bprocess\.(env|exit|argv|stdin|stdout|stderr|cwd|on|once|kill)\b/

/**
 * Checks the plan of the house: rooms are entered through their `index.ts`, no two rooms depend on
 * each other, no file imports itself in a circle, and side effects stay behind the doors.
 *
 * @param root the folder `src`
 * @returns complaints, empty when all is well
 */
export function checkRooms(root: string): string[] {
  const files = sourceFiles(root)
  const imports = new Map(files.map((file) => [file, importsOf(root, file)]))
  return [
    ...files.flatMap((file) => checkEntrances(root, file, imports.get(file)?.local ?? [])),
    ...files.flatMap((file) => checkReserved(file, imports.get(file)?.packages ?? [])),
    ...files.flatMap((file) => checkProcess(root, file)),
    ...files.flatMap((file) => checkPrograms(file, imports.get(file)?.local ?? [])),
    ...circles(new Map(files.map((file) => [file, imports.get(file)?.local ?? []])), 'files'),
    ...circles(roomGraph(imports), 'rooms'),
  ]
}

interface Imports {
  readonly local: readonly string[]
  readonly packages: readonly string[]
}

function sourceFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
}

function importsOf(root: string, file: string): Imports {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)
  const names = [...found].map((match) => match[1] ?? '')
  return {
    local: names
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.normalize(posix.join(posix.dirname(file), name))),
    packages: names.filter((name) => !name.startsWith('.')),
  }
}

/** The outermost folder that the importer does not stand in must be entered by its `index.ts`. */
function checkEntrances(root: string, file: string, local: readonly string[]): string[] {
  return local.flatMap((target) => {
    const room = foldersOf(target).find(
      (folder) => !file.startsWith(`${folder}/`) && existsSync(join(root, folder, 'index.ts')),
    )
    if (room === undefined || target === `${room}/index.ts`) return []
    return [`src/${file} imports ${target}; the room ${room} is entered through ${room}/index.ts`]
  })
}

function foldersOf(file: string): string[] {
  const parts = dirname(file).split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function checkReserved(file: string, packages: readonly string[]): string[] {
  return packages.flatMap((name) =>
    reserved
      .filter(({ pattern, allowed }) => pattern.test(name) && !isBelow(file, allowed))
      .map(({ allowed }) => `src/${file} imports ${name}, which only ${allowed.join(', ')} may`),
  )
}

function checkProcess(root: string, file: string): string[] {
  if (
    isBelow(file, [
      'system/',
      'run-main.ts',
      'gateway/main.ts',
      'gateway/module.ts',
      'gateway/workers/worker.ts',
    ])
  )
    return []
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    processUse.test(line)
      ? [`src/${file}:${index + 1} reaches past the System: ${line.trim()}`]
      : [],
  )
}

function checkPrograms(file: string, local: readonly string[]): string[] {
  const isGateway = file.startsWith('gateway/')
  return local
    .filter((target) => target.startsWith('gateway/') !== isGateway)
    .filter((target) => !(isGateway && isBelow(target, shared)))
    .map(
      (target) =>
        `src/${file} imports ${target}; the plugin and the gateway share only ${shared.join(', ')}`,
    )
}

function isBelow(file: string, places: readonly string[]): boolean {
  return places.some((place) => file === place || file.startsWith(place))
}

function roomGraph(imports: ReadonlyMap<string, Imports>): Map<string, readonly string[]> {
  const graph = new Map<string, string[]>()
  for (const [file, { local }] of imports) {
    const room = roomOf(file)
    const targets = local.map(roomOf).filter((name) => name !== room)
    graph.set(room, [...(graph.get(room) ?? []), ...targets])
  }
  return graph
}

/** The gateway is a house of its own below `gateway/`. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'gateway' ? `${first}/${second}` : first
}

function circles(graph: ReadonlyMap<string, readonly string[]>, what: string): string[] {
  const done = new Set<string>()
  const complaints: string[] = []
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) {
      complaints.push(
        `circle of ${what}: ${[...path.slice(path.indexOf(node)), node].join(' -> ')}`,
      )
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return complaints
}
