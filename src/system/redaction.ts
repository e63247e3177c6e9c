/** Names of parameters, options and JSON members whose value nobody else may see. */
const secretName =
  '(?:[\\w-]*(?:password|passwd|passphrase|secret|token|verifier|assertion|api[_-]?key|private[_-]?key)|(?:device_)?code|id_token_hint|state|nonce)'

/** Names of header fields whose value nobody else may see. */
const secretHeader =
  '(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\\w-]*(?:auth|token|key|secret)[\\w-]*)'

const hidden = '[redacted]'

/** In their order: the first ones take whole lines, which the others would only take in part. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
  // A header, also as a member of a JSON document: all that follows on its line.
  [new RegExp(`(?<![\\w-])(${secretHeader}\\\\*["']?\\s*[:=])[^\\r\\n]*`, 'gi'), `$1 ${hidden}`],
  // JSON inside JSON, with its quotes escaped.
  [new RegExp(`(\\\\+["']${secretName}\\\\+["']\\s*:)[^\\r\\n]*`, 'gi'), `$1 ${hidden}`],
  [
    new RegExp(`(["']${secretName}["']\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|'[^']*'?)`, 'gi'),
    `$1"${hidden}"`,
  ],
  // A parameter of a query or a form, or an option; and one in a URL that is itself a parameter.
  [new RegExp(`(?<![\\w/])(${secretName}=)[^&\\s]*`, 'gi'), `$1${hidden}`],
  [new RegExp(`((?:%3F|%26)${secretName}%3D)(?:(?!%26)[^&\\s])*`, 'gi'), `$1${hidden}`],
  // What stands before the host of a URL: a user name and a password, or a token.
  [/(:\/\/)[^\s/?#]*@/g, `$1${hidden}@`],
  [/\b(Basic|Bearer|DPoP|Negotiate|NTLM)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{4,}(?:\.[\w-]*)*/g, hidden],
]

/**
 * Takes the secrets out of a text, wherever their place tells what they are: header fields, URLs, forms,
 * JSON, PEM keys, tokens. It is the last door before the trace. No message is meant to hold a secret
 * in the first place; this is for the one that somebody else has written.
 */
export function withoutSecrets(text: string): string {
  return rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
}
