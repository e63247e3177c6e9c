import type { Answer } from './answer.ts'
import type { Cluster, ObjectCall } from './call.ts'
import { containerNames } from './containers.ts'
import type { LogLine } from './log-book.ts'
import type { KubernetesObject } from './object.ts'
import { existing } from './read.ts'
import { isOn } from './request.ts'
import { badRequest } from './status.ts'

/**
 * Answers `GET …/pods/NAME/log` with the lines of a container; with `follow` until the caller or
 * the pod is gone.
 *
 * @throws {StatusError} 404 without such a pod, 400 without such a container
 */
export function podLog(call: ObjectCall, cluster: Cluster): Answer {
  const { query } = call.request
  const pod = existing(call, cluster)
  const container = containerOf(pod, query.get('container'))
  if (isOn(query, 'previous')) {
    const of = `"${container}" in pod "${pod.metadata.name}"`
    throw badRequest(`previous terminated container ${of} not found`)
  }
  const text = isOn(query, 'timestamps') ? timedText : plainText
  const tail = query.has('tailLines') ? Number(query.get('tailLines')) : Number.POSITIVE_INFINITY
  return {
    contentType: 'text/plain',
    start(sink) {
      const lines = cluster.logs.lines(pod, container)
      for (const line of lines.slice(Math.max(0, lines.length - tail))) sink.write(text(line))
      if (!isOn(query, 'follow')) {
        sink.end()
        return () => undefined
      }
      const endOfLines = cluster.logs.follow(pod, container, (line) => sink.write(text(line)))
      const endOfPod = cluster.store.follow(cluster.store.version, ({ before, after }) => {
        if (before?.metadata.uid === pod.metadata.uid && !after) sink.end()
      })
      return () => {
        endOfLines()
        endOfPod()
      }
    },
  }
}

function containerOf(pod: KubernetesObject, wanted: string | null): string {
  const names = containerNames(pod)
  const [first] = names
  if (wanted === null && names.length === 1 && first !== undefined) return first
  if (wanted === null) {
    throw badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    )
  }
  if (names.includes(wanted)) return wanted
  throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`)
}

function plainText({ text }: LogLine): string {
  return `${text}\n`
}

function timedText({ at, text }: LogLine): string {
  return `${new Date(at).toISOString()} ${text}\n`
}
