import { type Check, type Finding, failed, ok, skipped, warning } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import {
  type CertificateFacts,
  certificateFacts,
  signingProgress,
  signingRequestLabels,
} from '../../certificate/index.ts'
import { type CertificateRenewal, renewalOf } from '../../config/index.ts'
import { renewalTimes } from '../../renewal/index.ts'
import { renewalRights, ruleLines } from '../../rights/index.ts'
import type { ApiClient } from '../api-client.ts'
import type { DoctorContext } from '../context.ts'
import { lacking } from '../lacking.ts'

/** Is the client certificate renewed, by whom, and does that wait for somebody? */
export const renewalCheck: Check<DoctorContext> = {
  name: 'renewal',
  needs: ['api-server'],
  async run(context) {
    const { credential } = context.material().access
    if (credential.kind !== 'certificate') return skipped('The gateway has no client certificate.')
    const renewal = renewalOf(context.loaded().gateway)
    if (renewal === undefined) {
      return ok(
        'The gateway does not renew its certificate (upstream.renewal): whatever writes its files does.',
      )
    }
    const facts = certificateFacts(credential.certificate)
    if (facts.commonName === undefined) {
      return failed(
        'The client certificate cannot be renewed: it names more than a plain name.',
        'Give the gateway one whose subject is a common name alone, without organizations.',
      )
    }
    const api = context.api()
    const missing = await missingRights(api, renewal)
    if (missing) return missing
    const misplaced = await misplacedSecret(api, renewal, facts)
    if (misplaced) return misplaced
    const { username } = await context.self()
    const awaited = await awaitedRequests(api, username)
    const due = new Date(renewalTimes(facts).dueAt).toISOString()
    if (awaited.length > 0) {
      const until = new Date(facts.notAfter).toISOString()
      return warning(
        `The renewal of the client certificate waits for an approval; the present one ends at ${until}.`,
        'Approve one of these, the newest if replicas were restarted meanwhile:',
        awaited.map((name) => `kubectl certificate approve ${name}`),
      )
    }
    const by = renewal.approval === 'self' ? 'approves by itself' : 'waits for an approval'
    return ok(`The gateway renews its certificate from ${due} on, and ${by}.`)
  },
}

async function missingRights(
  api: ApiClient,
  renewal: CertificateRenewal,
): Promise<Finding | undefined> {
  const { namespace, name } = renewal.secret
  const rights = renewalRights(renewal)
  const cluster = await lacking(api, rights.cluster)
  const own = await lacking(api, rights.namespace, namespace)
  if (cluster.length + own.length === 0) return undefined
  return failed(
    'The gateway may not renew its certificate.',
    `Add to its ClusterRole (what is about secrets to a Role in "${namespace}", for "${name}" alone):`,
    ruleLines([...cluster, ...own]),
  )
}

/** The files of a pod lag behind their Secret for a minute; a Secret that lags behind them is another one. */
async function misplacedSecret(
  api: ApiClient,
  { secret: { namespace, name } }: CertificateRenewal,
  inFiles: CertificateFacts,
): Promise<Finding | undefined> {
  const { status, json } = await api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`)
  const stored = status === 200 ? factsIn(json) : undefined
  const isTheirs =
    stored !== undefined &&
    stored.commonName === inFiles.commonName &&
    stored.notBefore >= inFiles.notBefore
  if (isTheirs) return undefined
  return failed(
    `The Secret ${namespace}/${name} does not hold the certificate of certFile: what is renewed would not come into the files.`,
    'Name the Secret that the files come from in upstream.renewal.secret.',
  )
}

function factsIn(secret: unknown): CertificateFacts | undefined {
  const text = Object(Object(secret).data)['tls.crt']
  try {
    return certificateFacts(Buffer.from(String(text), 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Names of its requests that nobody has approved yet, newest first. */
async function awaitedRequests(api: ApiClient, username: string): Promise<readonly string[]> {
  const selector = Object.entries(signingRequestLabels).map(([key, value]) => `${key}=${value}`)
  const { json } = await api.get(
    `/apis/certificates.k8s.io/v1/certificatesigningrequests?labelSelector=${encodeURIComponent(selector.join())}`,
  )
  const { items } = Object(json)
  if (!Array.isArray(items)) return []
  return items
    .filter((item: unknown) => Object(Object(item).spec).username === username)
    .filter((item: unknown) => signingProgress(item).kind === 'pending')
    .map((item: unknown) => Object(Object(item).metadata))
    .sort((one, other) =>
      String(one.creationTimestamp) < String(other.creationTimestamp) ? 1 : -1,
    )
    .map(({ name }) => printable(String(name), 253))
}
