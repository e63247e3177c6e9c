import { type Json, numberAt, textAt } from '../../world/api/json.ts'
import type { ApiClient } from '../api-client.ts'
import type { PodFacts } from './pod-facts.ts'

/** Tokens of a pod, bound to it, each replaced when four fifths of its life have passed. */
export interface ServiceAccountTokens {
  token(source: Json): Promise<string>
  /** Lets the next question have a new token. */
  forget(): void
}

/** Asks for tokens as kubelet does (`TokenRequest`). */
export function serviceAccountTokens(api: ApiClient, pod: PodFacts): ServiceAccountTokens {
  const known = new Map<string, { readonly token: string; readonly renewAt: number }>()
  const path = `/api/v1/namespaces/${pod.namespace}/serviceaccounts/${pod.serviceAccount}/token`
  return {
    async token(source) {
      const key = JSON.stringify(source)
      const before = known.get(key)
      if (before && before.renewAt > Date.now()) return before.token
      const audience = textAt(source, 'audience')
      const request = await api.create(path, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: audience === '' ? [] : [audience],
          expirationSeconds: numberAt(source, 'expirationSeconds') || 3600,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid },
        },
      })
      const token = textAt(request, 'status.token')
      const life = Date.parse(textAt(request, 'status.expirationTimestamp')) - Date.now()
      known.set(key, { token, renewAt: Date.now() + life * 0.8 })
      return token
    },
    forget: () => known.clear(),
  }
}
