import { StatusError } from './status.ts'

/** A form in which an object or list can be answered, besides its own. */
export interface Representation {
  /** Kind of the answer, such as `Table`. */
  readonly as: string
  readonly group: string
  readonly version: string
}

/** `kubectl get` asks for rows that are ready to be printed. */
export const table: Representation = { as: 'Table', group: 'meta.k8s.io', version: 'v1' }

/**
 * Chooses the form of an answer (RFC 9110 §12.5.1, with the `as`, `g` and `v` parameters of
 * Kubernetes).
 *
 * @param accept the Accept header
 * @param offered forms that exist besides plain JSON
 * @returns undefined for plain JSON
 * @throws {StatusError} 406 when the caller takes none
 */
export function chooseRepresentation(
  accept: string | undefined,
  offered: readonly Representation[],
): Representation | undefined {
  for (const range of parseAccept(accept ?? '*/*')) {
    if (!jsonTypes.has(range.mediaType)) continue
    const as = range.parameters.get('as')
    if (as === undefined) return undefined
    const match = offered.find(
      (representation) =>
        representation.as === as &&
        representation.group === range.parameters.get('g') &&
        representation.version === range.parameters.get('v'),
    )
    if (match) return match
  }
  throw notAcceptable(offered)
}

/** The media type that names a form. */
export function mediaTypeOf(representation: Representation | undefined): string {
  if (!representation) return 'application/json'
  const { as, group, version } = representation
  return `application/json;g=${group};v=${version};as=${as}`
}

const jsonTypes = new Set(['application/json', 'application/*', '*/*'])

interface MediaRange {
  readonly mediaType: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

function parseAccept(accept: string): readonly MediaRange[] {
  const ranges = accept.split(',').map(parseRange)
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
}

function parseRange(text: string): MediaRange {
  const [mediaType = '', ...rest] = text.split(';').map((part) => part.trim())
  const parameters = new Map(
    rest.map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=')
      return [name.toLowerCase(), value]
    }),
  )
  const quality = Number(parameters.get('q') ?? '1')
  return { mediaType: mediaType.toLowerCase(), parameters, quality }
}

function notAcceptable(offered: readonly Representation[]): StatusError {
  const types = [undefined, ...offered].map(mediaTypeOf).join(', ')
  const message = `only the following media types are accepted: ${types}`
  return new StatusError(406, 'NotAcceptable', message, { details: {} })
}
