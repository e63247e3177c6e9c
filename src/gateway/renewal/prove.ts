import { fieldOf, messageOf, NoAnswer } from '../kubernetes/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { askOnce } from './cluster.ts'

/** Whether the API server takes a credential. */
export type Proof =
  /** It sees its bearer as this user; undefined where it does not tell (before Kubernetes 1.28). */
  | { readonly kind: 'accepted'; readonly username: string | undefined }
  | { readonly kind: 'refused' }
  /** It gave no clear answer. */
  | { readonly kind: 'unknown'; readonly why: string }

/**
 * Tries a credential before anything depends on it, over a connection of its own: by a SelfSubjectReview,
 * which every authenticated user may create. Never rejects.
 */
export async function prove(access: UpstreamAccess, signal: AbortSignal): Promise<Proof> {
  try {
    const { status, json } = await askOnce(
      access,
      {
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      },
      signal,
    )
    if (status === 401) return { kind: 'refused' }
    const username = fieldOf(json, 'status', 'userInfo', 'username')
    if (isAnonymous(username, messageOf(json))) return { kind: 'refused' }
    if (status === 201 && typeof username === 'string') return { kind: 'accepted', username }
    // Whoever is told what he may not, or what there is not, is known.
    if (status === 403 || status === 404) return { kind: 'accepted', username: undefined }
    return { kind: 'unknown', why: `the API server answers with ${status}` }
  } catch (error) {
    return { kind: 'unknown', why: error instanceof NoAnswer ? error.message : 'unexpected error' }
  }
}

/** An API server that trusts no authority for clients takes no notice of the certificate. */
function isAnonymous(username: unknown, message: string): boolean {
  return username === 'system:anonymous' || message.includes('"system:anonymous"')
}
