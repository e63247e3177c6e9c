/** Letters that stand for themselves wherever a subject is printed, so that names compare as text. */
const plainName = /^[a-z0-9](?:[a-z0-9.:@_-]{0,62}[a-z0-9])?$/i

/**
 * What is wrong with a name for the certificate of a gateway, as a whole sentence; undefined for a good
 * one. It is the user name that the API server sees, and at most 64 letters long (RFC 5280, ub-common-name).
 */
export function faultOfCommonName(name: string): string | undefined {
  if (!plainName.test(name)) {
    return 'The name must be 1 to 64 letters, digits and ".", ":", "@", "_", "-", and begin and end with a letter or digit.'
  }
  if (name.startsWith('system:')) {
    return 'Names that begin with "system:" belong to the components of Kubernetes.'
  }
  return undefined
}
