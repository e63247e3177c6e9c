import { percentDecoded } from './target.ts'

/**
 * All values of a query parameter, read as Go's `url.ParseQuery` reads them: pairs with `;` or a
 * malformed `%` do not count, `+` is a space. For the log only: nothing is decided by a query, which is
 * forwarded as it is (rule D6).
 */
export function queryValues(query: string, wanted: string): string[] {
  if (query === '') return []
  return query.split('&').flatMap((pair) => {
    if (pair === '' || pair.includes(';')) return []
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    const value = decoded(equals < 0 ? '' : pair.slice(equals + 1))
    return name === wanted && value !== undefined ? [value] : []
  })
}

function decoded(text: string): string | undefined {
  return percentDecoded(text.replaceAll('+', ' '))
}
