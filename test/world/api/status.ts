import type { Json, JsonObject } from './json.ts'

/**
 * A refusal in the shape in which every Kubernetes API server explains itself: `metav1.Status`.
 * kubectl prints `Error from server (<reason>): <message>`.
 */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  /** HTTP status. */
  readonly code: number
  /** The body of the answer. */
  readonly status: JsonObject
  /** Additional response headers. */
  readonly headers: Readonly<Record<string, string>>
  /** Why, for the record of the request only; never sent. */
  readonly note: string | undefined

  constructor(code: number, reason: string, message: string, more: StatusErrorDetails = {}) {
    super(message)
    this.code = code
    this.headers = more.headers ?? {}
    this.note = more.note
    const { details } = more
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    }
  }
}

/** What surrounds the message of a {@link StatusError}. */
export interface StatusErrorDetails {
  /** `details` of the status. */
  readonly details?: JsonObject
  /** Additional response headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** Why, for the record of the request only. */
  readonly note?: string
}

/** What a status speaks of. */
export interface StatusSubject {
  /** API group; empty for the core group. */
  readonly group: string
  /** Plural name of the resource type, or the kind for an invalid object. */
  readonly resource: string
  /** Name of the object. */
  readonly name?: string | undefined
}

/** `details` of a status: empty fields are left out, as Go's encoder does. */
export function detailsOf({ group, resource, name }: StatusSubject): JsonObject {
  return {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(resource ? { kind: resource } : {}),
  }
}

/** How messages name a subject: `pods "hello"`, `deployments.apps`. */
export function nameOf({ group, resource, name }: StatusSubject): string {
  const qualified = group ? `${resource}.${group}` : resource
  return name ? `${qualified} ${JSON.stringify(name)}` : qualified
}

/** 401: no credential, or one that is not accepted (RFC 6750 §3). The note says why. */
export function unauthorized(note: string, hasToken: boolean): StatusError {
  const error = hasToken ? ', error="invalid_token"' : ''
  return new StatusError(401, 'Unauthorized', 'Unauthorized', {
    headers: { 'www-authenticate': `Bearer realm="kubernetes"${error}` },
    note,
  })
}

/** 400 with a message. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

/** 403 in the words of kube-apiserver; `subject.resource` is empty for a path. */
export function forbidden(subject: StatusSubject, why: string): StatusError {
  const message = subject.resource ? `${nameOf(subject)} is forbidden: ${why}` : `forbidden: ${why}`
  return new StatusError(403, 'Forbidden', message, { details: detailsOf(subject) })
}

/** 404 for an object that does not exist. */
export function notFound(subject: StatusSubject): StatusError {
  return new StatusError(404, 'NotFound', `${nameOf(subject)} not found`, {
    details: detailsOf(subject),
  })
}

/** 404 for a path or a resource type that does not exist. */
export function unknownPath(): StatusError {
  const message = 'the server could not find the requested resource'
  return new StatusError(404, 'NotFound', message, { details: {} })
}

/** 405 for a verb that a resource type does not have. */
export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource'
  return new StatusError(405, 'MethodNotAllowed', message, { details: {} })
}

/** 409 for a name that is taken. */
export function alreadyExists(subject: StatusSubject): StatusError {
  return new StatusError(409, 'AlreadyExists', `${nameOf(subject)} already exists`, {
    details: detailsOf(subject),
  })
}

/** 409 for a change that is based on an old version. */
export function conflict(subject: StatusSubject): StatusError {
  const message =
    `Operation cannot be fulfilled on ${nameOf(subject)}: the object has been modified; ` +
    'please apply your changes to the latest version and try again'
  return new StatusError(409, 'Conflict', message, { details: detailsOf(subject) })
}

/** 422 for an object whose field has an unacceptable value; `subject.resource` is its kind. */
export function invalid(subject: StatusSubject, field: string, problem: string): StatusError {
  const name = JSON.stringify(subject.name ?? '')
  const kind = subject.group ? `${subject.resource}.${subject.group}` : subject.resource
  const causes = [{ reason: 'FieldValueInvalid', message: problem, field }]
  return new StatusError(422, 'Invalid', `${kind} ${name} is invalid: ${field}: ${problem}`, {
    details: { ...detailsOf(subject), causes },
  })
}

/** The status that answers a deletion. */
export function deleted(subject: StatusSubject, uid: Json): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(subject), uid },
  }
}
