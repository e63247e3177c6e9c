import { OidcLoginError } from '../../../errors.ts'
import { type Check, failed, ok, skipped } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import { parseJson } from '../../json/index.ts'
import type { PodName, VerifyContext } from '../context.ts'
import { type ChannelMessage, openPodSocket, type PodSocket } from '../websocket.ts'

const word = 'oidc-gateway-verify'

/** Channels of `v5.channel.k8s.io`. */
const stdout = 1
const status = 3

/** Does a command in a pod answer, over the connection that was taken out of HTTP? */
export const execCheck: Check<VerifyContext> = {
  name: 'exec',
  needs: ['identity'],
  async run(context) {
    const { pod } = context
    if (!pod) return skipped('No pod is named by --pod.')
    const container = pod.container === undefined ? '' : `&container=${pod.container}`
    const query = `command=echo&command=${word}&stdout=true&stderr=true${container}`
    const socket = await openPodSocket(context, `${pathOf(pod)}/exec?${query}`, 'v5.channel.k8s.io')
    const messages = await socket.messages((all) => all.some(({ channel }) => channel === status))
    socket.close()
    const said = textOf(messages, stdout).trim()
    if (said === word) return ok('"echo" in the pod answered over a WebSocket.')
    const { message } = Object(parseJson(textOf(messages, status)))
    const why = typeof message === 'string' ? printable(message, 300) : 'the connection ended'
    return failed(`"echo" in the pod did not answer: ${why}.`, 'Name a pod that has "echo".')
  },
}

/** How long a port may take to say that nobody listens there, in milliseconds. */
const settlingMs = 1_000

/** Does a port of a pod open? Channel 0 carries its data, channel 1 what goes wrong. */
export const portForwardCheck: Check<VerifyContext> = {
  name: 'port-forward',
  needs: ['identity'],
  async run(context) {
    const { pod, port } = context
    if (!pod || port === undefined) return skipped('No pod and port are named by --pod and --port.')
    const target = `${pathOf(pod)}/portforward?ports=${port}`
    const socket = await openChannels(context, target)
    if (socket === undefined) {
      return ok(
        `A tunnel like kubectl's opened. The node speaks only that, so port ${port} itself was not tried.`,
      )
    }
    // The first message of each channel is the number of the port; then the port is dialled.
    await socket.messages((all) => [0, 1].every((channel) => firstOf(all, channel) !== undefined))
    const messages = await socket.messages((all) => all.length > 2, settlingMs)
    socket.close()
    const isOpen = [0, 1].every((channel) => firstOf(messages, channel)?.readUInt16LE(0) === port)
    const fault = printable(textOf(messages, 1, 1), 300)
    if (isOpen && fault === '') return ok(`Port ${port} of the pod opened over a WebSocket.`)
    const why = fault === '' ? '' : `: ${fault.replace(/\.$/, '')}`
    return failed(`Port ${port} of the pod did not open${why}.`, 'Name a port on which it listens.')
  },
}

/**
 * Opens channels to the ports. A node that does not know them may know kubectl's own way, SPDY within a
 * WebSocket, which the API server translates (KEP-4006); then the result is undefined.
 *
 * @throws OidcLoginError `api_server_response_invalid` when neither opens
 */
async function openChannels(
  context: VerifyContext,
  target: string,
): Promise<PodSocket | undefined> {
  try {
    return await openPodSocket(context, target, 'v4.channel.k8s.io')
  } catch (error) {
    const isRefused =
      error instanceof OidcLoginError && error.code === 'api_server_response_invalid'
    if (!isRefused) throw error
    const tunnel = await openPodSocket(context, target, 'SPDY/3.1+portforward.k8s.io')
    tunnel.close()
    return undefined
  }
}

function pathOf({ namespace, name }: PodName): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`
}

function textOf(messages: readonly ChannelMessage[], wanted: number, from = 0): string {
  const parts = messages.filter(({ channel }) => channel === wanted).map(({ data }) => data)
  return Buffer.concat(parts.slice(from)).toString('utf8')
}

function firstOf(messages: readonly ChannelMessage[], wanted: number): Buffer | undefined {
  const first = messages.find(({ channel }) => channel === wanted)?.data
  return first && first.length >= 2 ? first : undefined
}
