const bare = new WeakSet<readonly string[]>()

/**
 * Marks a list as one that cel-go leaves in Go's own form (`[]string`): what `split` and `findAll` yield.
 * kube-apiserver calls it no list of texts when it is the whole value of groups or extra attributes
 * (k8s.io/apiserver plugin/pkg/authenticator/token/oidc, `convertCELValueToStringList`); whatever is made
 * of it (`.map(g, g)`) is one.
 */
export function markBare(list: readonly string[]): readonly string[] {
  bare.add(list)
  return list
}

/** Whether a value is such a list. */
export function isBare(value: unknown): boolean {
  return Array.isArray(value) && bare.has(value)
}
