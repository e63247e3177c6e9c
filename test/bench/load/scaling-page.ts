import { type Costs, type Demand, limitsOf, type Work, workOf } from './capacity.ts'
import { number, round } from './numbers.ts'

/** The demand of the worked example: 10 000 users with 100 000 watches. */
export const example: Demand = {
  commands: 10_000 / 60,
  requests: 1000,
  watches: 100_000,
  watchSeconds: 45 * 60,
  events: 10_000,
}

/** What the page says that is measured, or follows from it: a text for each of its marked places. */
export function scalingTexts(
  costs: Costs,
  facts: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> {
  return {
    costs: costsText(costs, facts),
    example: exampleText(costs),
    'API server': apiServerText(costs),
  }
}

/**
 * Puts texts into a page in the place of those between `<!-- NAME: written … -->` and `<!-- end -->`.
 *
 * @throws when the page has no such place
 */
export function withTexts(page: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((sofar, [name, text]) => {
    const place = new RegExp(`(<!-- ${name}: written[^\n]*-->\n)[^]*?(<!-- end -->)`)
    if (!place.test(sofar)) throw new Error(`the page has no place for "${name}"`)
    return sofar.replace(place, (_, begin, end) => `${begin}\n${text}\n\n${end}`)
  }, page)
}

function costsText(
  { gateway, eventMs, watchMsPerMinute }: Costs,
  facts: readonly (readonly [string, string])[],
): string {
  const time = (what: string, ms: number): string[] => [
    what,
    `${number(ms)} ms`,
    `${round(1000 / ms)} a second`,
    '',
  ]
  return `${facts.map(([name, value]) => `${name}: ${value}`).join('; ')}.

${table([
  ['one gateway process', 'processor time', 'on one core', 'memory'],
  time('a request on a connection that stays', gateway.requestMs),
  time('a new connection with one request, as `kubectl` makes it', gateway.connectionMs),
  time('a new connection with a watch', gateway.openWatchMs),
  time('an event of 1 KB of a watch', eventMs),
  [
    'a watch that is silent, for a minute',
    `${number(watchMsPerMinute)} ms`,
    `${round(60_000 / watchMsPerMinute)} watches`,
    `${number(gateway.watchBytes / 1024)} KB: ${round(2 ** 30 / gateway.watchBytes)} in a GiB`,
  ],
  ['nothing', '', '', `${round(gateway.idleBytes / 1e6)} MB`],
])}`
}

function exampleText(costs: Costs): string {
  const work = workOf(costs, example)
  const total = work.reduce((sum, { processors }) => sum + processors, 0)
  const limits = limitsOf(costs, example)
  const pods = Math.max(...limits.map((limit) => limit.pods))
  const first = limits.find((limit) => limit.pods === pods)?.what ?? ''
  const perPod = Math.ceil(example.watches / pods)
  return `${table([
    ['work', 'how much', 'processors busy'],
    ...work.map(({ what, perSecond, processors }) => [
      what,
      what.endsWith('held') ? round(perSecond) : `${round(perSecond)} a second`,
      number(processors),
    ]),
    ['together', '', number(total)],
  ])}

${table([
  ['limit', 'one pod bears', 'pods'],
  ...limits.map(({ what, ofOnePod, pods: count }) => [what, ofOnePod, String(count)]),
])}

The first limit is **${first}**: ${pods} pods, and one more for a node that is being drained. Each holds ${round(perPod)}
watches, as many file descriptors, ${round((perPod * costs.gateway.watchBytes) / 2 ** 20)} MiB for them, and is busy with ${number(total / pods)} of a core.`
}

function apiServerText({ apiServer }: Costs): string {
  const { requestMs, connectionMs, openWatchMs, watchBytes } = apiServer
  const all: readonly Work[] = workOf(
    { gateway: apiServer, apiServer, eventMs: 0, watchMsPerMinute: 0 },
    example,
  )
  const [commands, requests, opened] = all.map(({ processors }) => processors)
  const busy = (commands ?? 0) + (requests ?? 0) + (opened ?? 0)
  return `${table([
    ['kube-apiserver behind the gateway', 'takes'],
    ['a request', `${number(requestMs)} ms of processor time`],
    ['a request of a new connection of `kubectl`', `${number(connectionMs)} ms`],
    ['a watch that is opened', `${number(openWatchMs)} ms`],
    ['a watch that is silent', `${number(watchBytes / 1024)} KB of memory`],
  ])}

For the example that is ${number(busy)} processors for requests alone, and ${number((example.watches * watchBytes) / 2 ** 30)} GiB for watches, over all API servers.`
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows
  return [head, head.map(() => '---'), ...rest]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
