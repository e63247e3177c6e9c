import { RE2JS } from 're2js'

/** Longer patterns are refused, and so many are remembered. */
const longestPattern = 1000
const mostPatterns = 256

const compiled = new Map<string, RE2JS>()

/**
 * Compiles a regular expression with the syntax and the linear running time of RE2, which
 * kube-apiserver uses: no pattern and no claim can make it run away (rule H5).
 *
 * @throws Error when it is none
 */
export function regularExpression(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  if (pattern.length > longestPattern) throw new Error('The regular expression is too long.')
  const fresh = RE2JS.compile(pattern)
  if (compiled.size >= mostPatterns) compiled.clear()
  compiled.set(pattern, fresh)
  return fresh
}
