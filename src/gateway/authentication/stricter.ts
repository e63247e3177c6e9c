/** A token or configuration that kube-apiserver accepts, and the gateway does not. */
export interface StricterRule {
  /** Of the list of security rules; each stands once. */
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
    rule: 'B1',
    refused: 'two `Authorization` lines, or a token there and one in a WebSocket subprotocol',
    because: 'two readers could take different ones; kube-apiserver takes the first',
    setting: undefined,
  },
  {
    rule: 'B2',
    refused: 'anything behind the token in `Authorization`, or a tab before it',
    because: 'what stands there could be read as another token',
    setting: undefined,
  },
  {
    rule: 'B5',
    refused: 'a token in a WebSocket subprotocol beside which only an empty one is offered',
    because: 'an empty name is no subprotocol',
    setting: undefined,
  },
  {
    rule: 'C3',
    refused:
      'a signature by a key that is published for another algorithm (`alg`), or for encryption (`use`)',
    because: 'the provider says what its key is for; kube-apiserver does not look',
    setting: undefined,
  },
  {
    rule: 'C5',
    refused: 'a header with `crit` or `b64`, or with a `kid` or `typ` that is not text',
    because: 'nothing that a token calls critical is understood here',
    setting: undefined,
  },
  {
    rule: 'C6',
    refused: 'a header with a key (`jwk`) or a certificate (`x5c`)',
    because: 'a key that the token brings has no say',
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
    refused: 'a token with several audiences and no `azp`, or with an `azp` that is not text',
    because: 'a token that another client got must not be usable here unnoticed',
    setting: 'tokens.authorizedParties says which values are accepted',
  },
  {
    rule: 'C11',
    refused: '`exp`, `nbf` or `iat` that is not a number, or beyond 2^53',
    because: 'RFC 7519 makes them numbers, and two clocks would read such a one differently',
    setting: undefined,
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
    refused:
      '`null` as username or uid, or in a list of groups or audiences; a list in which an expression looks for a field (`has`, `.?`), also where it would not come to look',
    because:
      'kube-apiserver makes empty text of the one, and an error of the other when it comes to look',
    setting: undefined,
  },
  {
    rule: 'A9',
    refused:
      'names that no header carries unchanged: with a blank at an end, a control character, or not in Unicode normal form C; more than a thousand groups',
    because: 'they would arrive as somebody else’s',
    setting: 'impersonation.requireNfc and maxGroups, for these two',
  },
  {
    rule: 'A12',
    refused: 'an empty group in a claim: it is left out (kube-apiserver: in expressions only)',
    because: 'a group without a name is nobody’s',
    setting: undefined,
  },
  {
    rule: 'A13',
    refused: 'users and groups whose names begin with `system:`, but `system:authenticated`',
    because: 'they are the cluster’s own; kube-apiserver leaves it to `userValidationRules`',
    setting: 'impersonation.allowedReservedGroups, for groups',
  },
  {
    rule: 'A16',
    refused: 'keys of `extra` with other characters than `a-z 0-9 . / _ -` in the path',
    because: 'they become names of headers',
    setting: undefined,
  },
  {
    rule: 'A19',
    refused:
      '`Impersonate-*` lines that are unknown, malformed or empty, or stand twice with one meaning',
    because: 'kube-apiserver takes the first, or none, and the request runs as somebody else',
    setting: undefined,
  },
  {
    rule: 'A20',
    refused:
      '`kubectl --as`; with `review`, what only a constrained right (`impersonate:user-info`) allows',
    because: 'such a right is for some requests, and each would have to be asked about anew',
    setting: 'impersonation.nested: review',
  },
  {
    rule: 'A22',
    refused: '`kubectl --as`: the user gets the extra attribute `oidc-gateway/original-user`',
    because: 'the audit log of the API server would not know who it was',
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
    refused:
      'what two parsers could read differently: keys that stand twice in JSON, numbers beyond a double, half surrogate pairs, text that is not UTF-8, a claim such as `Exp` (to kube-apiserver it is an `exp`)',
    because: 'two parsers would read two different tokens',
    setting: undefined,
  },
  {
    rule: 'C20',
    refused:
      'claims nested deeper than 32; loops in loops of an expression over lists so long that they take a million steps',
    because: 'the token would decide how long everybody waits',
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
    refused: 'a token without `kid` when several keys fit, or with an empty one',
    because: 'which key is meant must not be guessed',
    setting: undefined,
  },
  {
    rule: 'C28',
    refused:
      'groups that another server has (`_claim_names`): it is not asked, and the token is refused',
    because: 'a token would choose a URL that the gateway requests',
    setting: undefined,
  },
  {
    rule: 'H5',
    refused:
      'expressions of more than 10,000 characters, the functions that are not there, and `has` or `.?` in what a function or a loop yields',
    because: 'see docs/gateway-configuration.md',
    setting: undefined,
  },
]
