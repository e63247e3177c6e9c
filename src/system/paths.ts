/**
 * `join()` of node:path. That module is loaded only for a path that it would change: with a Bun executable it
 * takes a third of what a cached `get-token` takes beside the start of the runtime.
 */
export function joinPath(first: string, ...others: readonly string[]): string {
  const joined = `${first}/${others.join('/')}`
  return first !== '' && isNormal(joined)
    ? joined
    : process.getBuiltinModule('node:path').join(first, ...others)
}

/**
 * `resolve()` of node:path, see {@link joinPath}.
 *
 * @throws Error when the path is relative, and the current folder was deleted
 */
export function resolvePath(path: string): string {
  return isNormal(path) ? path : process.getBuiltinModule('node:path').resolve(path)
}

/** Whether a path is absolute and nothing in it can be left out. On Windows there are too many ways to write one. */
function isNormal(path: string): boolean {
  if (process.platform === 'win32' || !path.startsWith('/')) return false
  const closed = `${path}/`
  return !closed.includes('//') && !closed.includes('/./') && !closed.includes('/../')
}
