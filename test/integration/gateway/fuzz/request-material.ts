import { asJohn, withLines } from '../../../world/gateway/requests.ts'
import { tokens } from '../../../world/gateway/tokens.ts'
import type { Material } from './mutate.ts'

const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
const account = ['Host: x', `Authorization: Bearer ${tokens.serviceAccount}`]
const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from(tokens.john).toString('base64url')}`

/** Requests from which others are made: good ones, and some that are nearly so. */
const corpus: Material['corpus'] = [
  asJohn('GET /api/v1/pods'),
  asJohn('GET /api/v1/pods?watch=1&fieldSelector=metadata.name%3Da', 'Accept: application/json'),
  `${asJohn('POST /api/v1/pods', 'Content-Length: 11')}hello world`,
  `${asJohn('PATCH /api', 'Transfer-Encoding: chunked', 'Trailer: X')}5\r\nhello\r\n0\r\nX: y\r\n\r\n`,
  `${asJohn('PUT /api', 'Expect: 100-continue', 'Content-Length: 2')}ok`,
  asJohn('GET /exec', ...upgrade),
  asJohn('POST /exec', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'),
  withLines('GET /exec', 'Host: x', ...upgrade, `Sec-WebSocket-Protocol: v4, ${bearer}`),
  asJohn('GET /api', 'Connection: Impersonate-User', 'Impersonate-User: admin'),
  withLines('GET /api', ...account, 'Impersonate-User: jane'),
  withLines('GET /api', 'Host: x'),
  asJohn('GET /a') + withLines('GET /b', ...account) + withLines('GET /c', 'Host: x'),
]

/** What attackers write. */
const dictionary: Material['dictionary'] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\t',
  ' ',
  ':',
  ',',
  ';',
  '_',
  '%00',
  '%2e%2e/',
  '//',
  '\u0085',
  '\u00e9',
  '\u00ff',
  '0\r\n\r\n',
  'Impersonate-User: system:admin\r\n',
  'Impersonate_Group: system:masters\r\n',
  'impersonate-extra-a%2fb: c\r\n',
  'Connection: Impersonate-User, Authorization\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: xchunked\r\n',
  `Authorization: Bearer ${tokens.jane}\r\n`,
  'Authorization: Bearer x\r\n',
  'Host: evil\r\n',
  'X-Remote-User: admin\r\n',
  'X-Forwarded-For: 1.2.3.4\r\n',
  'Upgrade: h2c\r\n',
  'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n',
  'HTTP/1.0',
  'http://evil/',
]

/** Of requests. */
export const requestMaterial: Material = { corpus, dictionary }
