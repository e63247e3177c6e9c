import type { Authorizer } from './authorize.ts'
import type { Json } from './json.ts'
import type { LogBook } from './log-book.ts'
import type { ApiRequest, ResourceTarget } from './request.ts'
import type { ResourceType } from './resources.ts'
import type { Store } from './store.ts'
import type { UserInfo } from './user.ts'

/** What stands behind the API server. */
export interface Cluster {
  readonly store: Store
  readonly logs: LogBook
  readonly authorizer: Authorizer
  /** The time, in milliseconds since the epoch. */
  now(): number
}

/** A request that is authenticated and authorized. */
export interface Call {
  readonly request: ApiRequest
  readonly user: UserInfo
  /** The Accept header. */
  readonly accept: string | undefined
  /**
   * Reads the body.
   *
   * @param mediaTypes JSON and protobuf by default
   * @returns the JSON value and the media type that it came as
   * @throws {StatusError} 400 when it is malformed, 413 when it is too large, 415 for another type
   */
  readBody(mediaTypes?: readonly string[]): Promise<Body>
}

/** The body of a request. */
export interface Body {
  readonly mediaType: string
  readonly json: Json
}

/** A call for objects of a known type, in a scope that this type has. */
export interface ObjectCall extends Call {
  readonly type: ResourceType
  readonly target: ResourceTarget
  /** Namespace; undefined for a type without namespaces and for lists of all namespaces. */
  readonly namespace: string | undefined
}
