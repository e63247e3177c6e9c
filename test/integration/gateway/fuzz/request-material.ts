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

/** Where parsers differ in what they take off, join or forgive. */
export const framingMaterial: Material = {
  corpus: [
    ...corpus,
    withLines('GET /api', 'Host: x \t', 'A:', 'B: \t', 'C:\t d  '),
    `${asJohn('POST /a', 'Transfer-Encoding: chunked')}5;a=b;c="d"\r\nhello\r\n0;e\r\nX: y \r\n\r\n${asJohn('GET /b')}`,
    `${asJohn('POST /a', 'Content-Length: 5')}hello${asJohn('GET /b', 'Connection: close')}`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01',
    'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  ],
  dictionary: [
    ...dictionary,
    ' \r\n',
    '\t \r\n',
    '\r\n ',
    ':\t',
    'Content-Length: 5 \r\n',
    'Content-Length: 05\r\n',
    'Content-Length: 18446744073709551621\r\n',
    'Transfer-Encoding : chunked\r\n',
    'Transfer-Encoding: chunked \r\n',
    'Transfer-Encoding: , chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    'Connection: close\r\n',
    'Connection: upgrade\r\n',
    'FFFFFFFFFFFFFFFFF\r\n',
    '0005\r\n',
    ' 5\r\n',
    ';x="\r\n',
    'HTTP/0.9',
    'HTTP/1.2',
    'HTTP/2.0',
    'QUERY ',
    'get ',
  ],
}

/** Of requests. */
export const requestMaterial: Material = { corpus, dictionary }
