/** A token or configuration that kube-apiserver accepts, and the gateway does not. */
export interface StricterRule {
  /** Of the list of security rules. */
  readonly rule: string
  /** What is refused, or what becomes of it. */
  readonly refused: string
  readonly because: string
  /** What turns it off; undefined when nothing does. */
  readonly setting: string | undefined
}

/**
 * Everything in which the gateway is stricter than kube-apiserver with the same
 * AuthenticationConfiguration. What is not listed here is the same.
 */
export const stricterThanKubeApiserver: readonly StricterRule[] = [
  {
    rule: 'C5',
    refused: 'a header with `crit` or `b64`, or with a `kid` or `typ` that is not text',
    because: 'nothing that a token calls critical is understood here',
    setting: undefined,
  },
  {
    rule: 'C7',
    refused: 'base64url that is not canonical',
    because: 'one token must not have many spellings: caches and deny-lists go by the spelling',
    setting: undefined,
  },
  {
    rule: 'C8',
    refused: '`iss` of `accounts.google.com` for the issuer `https://accounts.google.com`',
    because: 'the issuer is compared byte by byte; Google has sent the whole URL for years',
    setting: undefined,
  },
  {
    rule: 'C10',
    refused: 'a token with several audiences and no `azp`',
    because: 'a token that another client got must not be usable here unnoticed',
    setting: 'tokens.authorizedParties says which values are accepted',
  },
  {
    rule: 'C11',
    refused: '`exp`, `nbf` or `iat` as text',
    because: 'RFC 7519 makes them numbers',
    setting: undefined,
  },
  {
    rule: 'C12',
    refused: '`nbf` more than a minute ahead (kube-apiserver: five)',
    because: 'clocks are kept in time today',
    setting: 'tokens.notBeforeLeeway, at most 60s',
  },
  {
    rule: 'C13',
    refused: '`iat` ahead of the clock',
    because: 'a token from the future was not issued by an honest clock',
    setting: 'tokens.notBeforeLeeway, at most 60s',
  },
  {
    rule: 'C14',
    refused: 'access, refresh and logout tokens (`typ` in header or claims, `events`)',
    because: 'they are sent to other parties, who could use them here',
    setting: 'tokens.tokenType: any',
  },
  {
    rule: 'A7',
    refused: 'a username that is blank, or nothing but the prefix',
    because: 'it is nobody',
    setting: undefined,
  },
  {
    rule: 'C15',
    refused: '`null` as username, uid or in a list of groups',
    because: 'kube-apiserver makes empty text of it',
    setting: undefined,
  },
  {
    rule: 'A12',
    refused: 'an empty group in a claim: it is left out (kube-apiserver: in expressions only)',
    because: 'a group without a name is nobody’s',
    setting: undefined,
  },
  {
    rule: 'C17',
    refused: '`email_verified: null` with `email` as the username',
    because: 'it is not `true`',
    setting: undefined,
  },
  {
    rule: 'C18',
    refused: '`null` for a required claim whose value is empty',
    because: 'it is not text',
    setting: undefined,
  },
  {
    rule: 'C19',
    refused: 'keys that stand twice in JSON, numbers beyond a double, half surrogate pairs',
    because: 'two parsers would read two different tokens',
    setting: undefined,
  },
  {
    rule: 'C20',
    refused: 'claims nested deeper than 32',
    because: 'the stack is finite',
    setting: undefined,
  },
  {
    rule: 'C20',
    refused: 'loops in loops of an expression over lists so long that they take a million steps',
    because: 'the token would decide how long everybody waits (kube-apiserver counts costs, too)',
    setting: undefined,
  },
  {
    rule: 'C21',
    refused: 'tokens of more than 64 KiB',
    because: 'they are refused before any work is done',
    setting: 'tokens.maxTokenSize',
  },
  {
    rule: 'C22',
    refused: 'asking the provider for keys again at every wrong signature: once in 30 seconds',
    because: 'strangers would make the gateway a load on the provider',
    setting: undefined,
  },
  {
    rule: 'C27',
    refused: 'a token without `kid` when several keys fit',
    because: 'which key is meant must not be guessed',
    setting: undefined,
  },
  {
    rule: 'C28',
    refused: 'distributed claims (`_claim_sources`): they are not followed',
    because: 'a token would choose a URL that the gateway requests',
    setting: undefined,
  },
  {
    rule: 'A16',
    refused: 'keys of `extra` with other characters than `a-z 0-9 . / _ -` in the path',
    because: 'they become names of headers',
    setting: undefined,
  },
  {
    rule: 'H5',
    refused: 'expressions of more than 10,000 characters, and the functions that are not there',
    because: 'see docs/gateway-configuration.md',
    setting: undefined,
  },
]
