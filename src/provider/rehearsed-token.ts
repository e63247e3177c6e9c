/** Who has signed {@link rehearsedTokens}: nobody is reached under this name (RFC 6761 §6.4). */
export const rehearsedIssuer = 'https://rehearsal.invalid'

/** For whom they are. */
export const rehearsedClientId = 'rehearsal'

const modulus = [
  'mWEygwMueugIXIwmYNFDHio5p5noBRR9Hgj6VO1-wgSqi2CZE2G5ikd4OlXbgT8dBDmRySXeZB1YwHdc43Etu50qGe',
  '9Vk8ymPFzl6g3ZF9BlSn04b5tF_UfMq8XTrO6bTanSqoUh8a8bEbtlyIMJY5Ld6KL-ktvWlsjeOjsGdvlJ_M-U7GxK',
  'xcXMN6zmvToRKokgBlG5w-1tQKEdQtYkQi1zqpWqGBkNeKvkRTMx2fYGSTY52SfPnn0VtL3-570YbsTuCkz8Re-Kny',
  'sQ3309rPoPLxW8o6Ic1iTiDTkxABIysqgBczGh7xCrfBLoUQGJpMkgEQer766AnSa3kBMXTQ',
].join('')

/**
 * The public key of {@link rehearsedTokens} (RFC 7517), of RSA as nearly all providers have them. Its private key was thrown
 * away when they had been signed; to make one anew would take a tenth of a second of a processor.
 */
export const rehearsedKey: Readonly<Record<string, string>> = {
  kty: 'RSA',
  alg: 'RS256',
  use: 'sig',
  e: 'AQAB',
  n: modulus,
}

const idToken = [
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3JlaGVhcnNhbC5pbnZhbGlkIiwiYXVkIjoicmVoZWFyc2FsI',
  'iwic3ViIjoicmVoZWFyc2FsIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjkyMDAsImF0X2hhc2giOiJLODA',
  'tRk55b19iR01vOVRwV0xzY1RRIn0.h96yeUrtch-ixxMWg0wIg8zXEwj-teyeBc08mh9e5A158AO6-iUlxMy3Wh2GV',
  'VaG0ZavE9zQoJqFyP_PEinRlRO7U8zZj_qPHK9Lh08o4qFRzWIAbhFLJAC0Fly2ER9Le-CYgy94O1wf4XO2Bial3pU',
  '24vUfYBt_GACWJ8cp3yHg7nZYEWY9j3VpNJahdtSkkrQUMrIBw253tjmLnz28JgFbqZ2OMhXO0oBRVSWmv4cmmXX8-',
  'UtnGHNHnzyGMHunukwRYvtwWzI9RzcPDmgU-OwsEQjhHpzGNqSd6BiO3kUvnPmxASsl3WRyKs4pDCNYjRQ_pEMBK3m',
  'nqIbjJHbZvw',
].join('')

/** When they were issued, in seconds since the epoch: they were good for an hour. */
export const rehearsedAtSec = 1_767_225_600

/** The answer to a token request (OpenID Connect Core §3.1.3.3) of an issuer that does not exist, for nobody. */
export const rehearsedTokens: Readonly<Record<string, string>> = {
  access_token: 'rehearsal',
  token_type: 'Bearer',
  id_token: idToken,
}
