/** Who has signed {@link rehearsedTokens}: nobody is reached under this name (RFC 6761 §6.4). */
export const rehearsedIssuer = 'https://rehearsal.invalid'

/** For whom they are. */
export const rehearsedClientId = 'rehearsal'

const modulus = [
  'rc17VYdmSDRyYQE6zJtbu2AeGpUrsncLLe0gP6pAjE9NCzScHgUo82cJ8cSzvLTGhOAXq35Bm8dQ57FpSyLEDlbLFJ',
  'LOjZOuHPzuERqT0DxPiBGxbySb70Y4OTjcOcLD8RD0Ya_FI9NNg9d4J9h7YxuVi3XNE6Gy4QxsDdszTWTMEMf_-ODa',
  'cMendfdf2OBOwUHT41icClgnsS_N9FrZ6V62GcEFiUVxTT4PfPjBnJH8ie_dSLPMGtUl1KAS8XJMp25Geu2GIBG2zR',
  'uIbxCVro6eNrKcHU8WMPr8Ts5jYZUEnChavBrDwLosQgqzwdO4se0XZFm__P2YPl_z6eN_IQ',
].join('')

/**
 * The public key of {@link rehearsedTokens} (RFC 7517). Its private key was thrown away when they had been signed: a key that is made anew, of RSA as
 * nearly all providers have them, would take a tenth of a second of a processor.
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
  'iwic3ViIjoicmVoZWFyc2FsIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjQxMDI0NDQ4MDAsImF0X2hhc2giOiJLODA',
  'tRk55b19iR01vOVRwV0xzY1RRIn0.iecaaDpMrJtt__QQWNrktxAU6ZDJwm5q7MvhOtdMODiY-Lu6M7-9SJ6lMXC_k',
  '41Kk-vxf-mArBKoUOcSfj7TtjY1XRdmeW3AWUeQcEnVsNJQGVOsCWwrXNK8p1dIz8E8ywCq6EKgMelEwzgbRQRhg3q',
  'oCxAbI7dQ-nBcYu6z-JXyTvkthr859_gmqCYQXo4Ti0WXrhIF3VCKheHJ3h53df1iI297xhi5McnbyTU9yXiAYwZeI',
  'H0OmmpQOgjwCAb5Cd1ly81Bc198X5jSRS6Dc-x6ATfPhyiXpkzrFrs8gYakkzhhR2SDGwV2RKOqFVnwhgPC6K-o1D-',
  'N1SqO2MSsfw',
].join('')

/**
 * The answer to a token request (OpenID Connect Core §3.1.3.3) that is good until the year 2100, at an issuer that does not exist
 * and for nobody.
 */
export const rehearsedTokens: Readonly<Record<string, string>> = {
  access_token: 'rehearsal',
  token_type: 'Bearer',
  id_token: idToken,
}
