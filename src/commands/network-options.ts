import type { OptionSpec } from './option-spec.ts'

/** Options that say which way requests to the provider take. */
export const networkOptions: readonly OptionSpec[] = [
  {
    name: 'proxy-url',
    kind: 'text',
    whenEmpty: 'direct',
    holdsSecret: (url) => /\/\/[^/]*@/.test(url),
    description:
      'proxy for all requests to the provider, or direct for none; HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide when it is not given',
    group: 'Provider:',
  },
]
