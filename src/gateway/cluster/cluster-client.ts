import type { ClusterObject, ObjectName } from './objects.ts'

/** One request to the API server of an operator. */
export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** `application/json` by default. */
  readonly contentType?: string
}

/** What the API server answered. */
export interface ClusterAnswer {
  readonly status: number
  /** Parsed JSON; undefined when it was none. */
  readonly json: unknown
}

/** An object with all the fields that are to be ours. */
export interface AppliedObject extends ObjectName {
  readonly metadata: ObjectName['metadata'] & {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** How an object is applied. */
export interface ApplyOptions {
  /** Whether fields that other managers hold are taken from them. */
  readonly force: boolean
  /** Whether the API server only says what would become of it. */
  readonly isTrial?: boolean
}

/**
 * A cluster in the hands of its operator. Every function throws OidcLoginError: `api_server_…`,
 * `token_not_accepted`, `cluster_refused` with what the API server says, and what it names itself.
 */
export interface ClusterClient {
  /** URL of the API server. */
  readonly server: string
  /** The answer as it is, whatever its status below 500. */
  send(request: ClusterRequest): Promise<ClusterAnswer>
  /** @returns undefined when there is no such object, or no such kind of object */
  get(name: ObjectName): Promise<ClusterObject | undefined>
  /** Objects of one kind, of one namespace or of the whole cluster. @param selector of labels */
  list(
    kind: Pick<ObjectName, 'apiVersion' | 'kind'> & {
      readonly metadata: { readonly namespace?: string }
    },
    selector: string,
  ): Promise<readonly ClusterObject[]>
  /**
   * Server-side apply, as the field manager `oidc-gateway`.
   *
   * @throws OidcLoginError `object_conflict` with the fields that others hold
   */
  apply(object: AppliedObject, options: ApplyOptions): Promise<ClusterObject>
  /** Creates an object, or posts to a subresource of one (`path`). @returns the answer's object */
  create(object: unknown, path: string): Promise<unknown>
  /**
   * Deletes exactly this object, not one that has taken its name meanwhile.
   *
   * @returns false when it was gone already
   */
  remove(object: ClusterObject): Promise<boolean>
}

/** Whom the API server names as the author of the fields that are applied. */
export const fieldManager = 'oidc-gateway'
