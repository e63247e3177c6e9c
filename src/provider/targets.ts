/** For whom the tokens are meant. */
export interface TokenTargets {
  /** Names of services: the parameter `audience` (RFC 8693 §2.1). */
  readonly audiences?: readonly string[] | undefined
  /** URLs of services: the parameter `resource` (RFC 8707 §2). */
  readonly resources?: readonly string[] | undefined
}

/** Makes the form of a request of its parameters and targets; the latter may repeat. */
export function requestForm(
  parameters: Readonly<Record<string, string>>,
  { audiences = [], resources = [] }: TokenTargets,
): URLSearchParams {
  const form = new URLSearchParams(parameters)
  for (const audience of audiences) form.append('audience', audience)
  for (const resource of resources) form.append('resource', resource)
  return form
}
