import {
  type Callback,
  type CallbackExpectation,
  describeInvalid,
  validateCallback,
} from './validate.ts'

/** What became of a text that the user pasted. */
export type PastedResult =
  | { readonly kind: 'accepted'; readonly callback: Callback }
  /** `reason` is a whole sentence for the user, without anything secret. */
  | { readonly kind: 'wrong'; readonly reason: string }

/**
 * Reads the address that the browser ended on, pasted by a user whose browser cannot reach this
 * computer. It is judged exactly as if the browser had come by itself; the query alone is enough.
 *
 * @param text one line from the terminal
 */
export function parsePastedCallback(text: string, expectation: CallbackExpectation): PastedResult {
  if (text.length > maxLength) return wrong('It is far too long for an address.')
  const address = text.replaceAll(wrapping, '')
  const parameters = queryOf(address)
  const problem = recognise(address, parameters)
  if (problem !== undefined) return wrong(problem)
  const validation = validateCallback(parameters, expectation)
  switch (validation.kind) {
    case 'valid':
      return { kind: 'accepted', callback: validation.callback }
    case 'empty':
      return wrong(`The address holds no answer of the provider. ${instruction}`)
    case 'invalid':
      return wrong(describeInvalid(validation))
  }
}

/** Programs put these around an address that they show; bracketed paste adds escape sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send them around a pasted text
const wrapping = /^(?:\u001b\[20[01]~|["'`<\s])+|(?:\u001b\[20[01]~|["'`>\s])+$/g

/** As much as the callback listener takes. */
const maxLength = 16 * 1024

const instruction =
  'Sign in, then paste the whole address that the browser shows at the end, even if the page did not load.'

function queryOf(address: string): URLSearchParams {
  const withoutFragment = address.split('#', 1)[0] ?? ''
  return new URLSearchParams(withoutFragment.slice(withoutFragment.indexOf('?') + 1))
}

/** What people paste in the place of the address, as far as it can be recognised. */
function recognise(address: string, parameters: URLSearchParams): string | undefined {
  if (parameters.has('client_id') || parameters.has('response_type')) {
    return `That is the address of the sign-in page. ${instruction}`
  }
  if (/#(?:.*&)?(?:code|error)=/.test(address)) {
    return 'The answer stands after a "#"; the client must be registered for response_mode "query".'
  }
  if (!address.includes('=')) {
    return `That is not a whole address; a code alone cannot be checked to belong here. ${instruction}`
  }
  return undefined
}

function wrong(reason: string): PastedResult {
  return { kind: 'wrong', reason }
}
