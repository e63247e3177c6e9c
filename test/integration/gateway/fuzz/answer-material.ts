import type { Material } from './mutate.ts'

const ok = (...lines: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')
const switched = 'HTTP/1.1 101 Switching Protocols\r\n'

/** Of answers: an aggregated API, or a program behind a proxy path, may send anything. */
export const answerMaterial: Material = {
  corpus: [
    `${ok('Content-Length: 5', 'Content-Type: application/json', 'Set-Cookie: a', 'Set-Cookie: b')}hello`,
    `${ok('Transfer-Encoding: chunked', 'Trailer: X-Sum')}5\r\nhello\r\n0\r\nX-Sum: y\r\n\r\n`,
    `${ok('Connection: close')}until the end`,
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    'HTTP/1.1 307 Temporary Redirect\r\nLocation: /api\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno',
    `HTTP/1.1 100 Continue\r\n\r\n${ok('Content-Length: 0')}`,
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok('Content-Length: 0')}`,
    `${switched}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x02hi`,
  ],
  dictionary: [
    '\r\n',
    '\n',
    '\r',
    '\0',
    '\t',
    ' ',
    ':',
    '\u00ff',
    '0\r\n\r\n',
    'HTTP/1.0',
    'HTTP/2.0',
    ' 099 ',
    ' 999 ',
    ' 199 ',
    ' 1000 ',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Connection: close, Content-Length, Content-Type\r\n',
    'Trailer: Content-Length, Transfer-Encoding, __proto__\r\n',
    'Content-Length: 7\r\n\r\n',
    'Upgrade: h2c\r\n',
    'Upgrade: websocket\r\n',
    'Location: //evil.example.com\r\n',
    '__proto__: x\r\n',
    'Set-Cookie: \u0080\r\n',
    switched,
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ],
}
