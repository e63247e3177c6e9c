import { variants } from '../variants.ts'
import { type Press, type Sample, withText } from './sample.ts'

/** Values that a provider, or whoever fills its forms, may put into any claim. */
export const oddValues: Readonly<Record<string, unknown>> = {
  absent: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  integer: 42,
  float: 1.5,
  big: 2 ** 60,
  negative: -1,
  'number as text': '42',
  'true as text': 'true',
  'empty text': '',
  blank: ' ',
  'no-break space': '\u00a0',
  'zero width space': '\u200b',
  'leading blank': ' admin',
  'trailing blank': 'admin ',
  'trailing tab': 'admin\t',
  'trailing no-break space': 'admin\u00a0',
  'line end': 'a\nb',
  'carriage return': 'a\r\nImpersonate-Group: system:masters',
  nul: 'a\u0000b',
  escape: '\u001b[31mred',
  delete: 'a\u007fb',
  c1: 'a\u0085b',
  latin: 'José',
  combining: 'Jose\u0301',
  hangul: '\u1100\u1161',
  kelvin: '\u212aate',
  'dotless i': 'ı',
  'sharp s': 'straße',
  japanese: '日本',
  emoji: '👩‍👩‍👧',
  bidi: 'a\u202eb',
  'line separator': 'a\u2028b',
  'byte order mark': '\ufeffjohn',
  replacement: 'a\ufffdb',
  'not a character': 'a\uffffb',
  'system:masters': 'system:masters',
  'system:admin': 'system:admin',
  'system:anonymous': 'system:anonymous',
  'system:authenticated': 'system:authenticated',
  'system:unauthenticated': 'system:unauthenticated',
  'a ServiceAccount': 'system:serviceaccount:kube-system:x',
  'a node': 'system:node:n1',
  'system in capitals': 'System:masters',
  'system alone': 'system:',
  comma: 'CN=a,OU=b,DC=c',
  slash: 'a/b',
  percent: 'a%20b%zz',
  quotes: '"a"\'b\'',
  html: '<script>',
  colon: 'a:b:c',
  'long text': 'x'.repeat(5000),
  'empty list': [],
  'list of text': ['a', 'b'],
  'list of one': ['a'],
  'list twice': ['a', 'a', 'b', 'a'],
  'list with empty': ['', 'a', ''],
  'list of empty': [''],
  'list with blank': [' ', 'a'],
  'list with null': [null, 'a'],
  'list of null': [null],
  'list with number': [1, 'a'],
  'list with true': [true],
  'list with object': [{}],
  'nested list': [['a']],
  'nested empty list': [[]],
  'list with system:masters': ['a', 'system:masters'],
  'list with system:authenticated': ['system:authenticated', 'a'],
  'list with comma': ['CN=a,OU=b', 'c'],
  'list with é': ['é', 'e\u0301'],
  'list with line end': ['a\nb'],
  'list with trailing blank': ['a '],
  'many groups': Array.from({ length: 400 }, (_, index) => `group-${index}`),
  object: {},
  'object with roles': { roles: ['a'] },
  'object with length': { length: 2, 0: 'a', 1: 'b' },
}

/** Which claims of which variants are filled with them. */
const filled: readonly (readonly [variant: string, claim: string])[] = [
  ['plain', 'sub'],
  ['plain', 'groups'],
  ['plain', 'jti'],
  ['prefixed', 'sub'],
  ['prefixed', 'groups'],
  ['prefixed', 'uid'],
  ['email', 'email'],
  ['email', 'email_verified'],
  ['required-empty', 'hd'],
  ['groups-0', 'groups'],
  ['username-sub', 'sub'],
  ['username-email', 'email'],
  ['username-email', 'email_verified'],
  ['uid-and-extra', 'email'],
  ['uid-and-extra', 'obj'],
]

/** Each claim that matters with each odd value, and what no JSON of ours would write. */
export function claimSamples(press: Press): readonly Sample[] {
  return [
    ...variants.map(({ name }) => press.sample('an honest token', name)),
    ...filled.flatMap(([variant, claim]) =>
      Object.entries(oddValues).map(([name, value]) =>
        press.sample(`${claim}: ${name}`, variant, { [claim]: value }),
      ),
    ),
    ...expressionSamples(press),
    ...writtenByHand(press),
  ]
}

/** Every expression with some values of the claims that it reads. */
function expressionSamples(press: Press): readonly Sample[] {
  const withExpression = variants.filter(({ name }) => /^(groups|claim-rule|user-rule)-/.test(name))
  const fillings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'no groups': { groups: undefined },
    'mixed groups': { groups: ['dev', 1, null] },
    'no obj': { obj: undefined },
    'obj as text': { obj: 'roles' },
    'n as text': { n: '7' },
    'n beyond 2^53': { n: 2 ** 62 },
    'b is false': { b: false },
    'another sub': { sub: 'Kate Ünal' },
    'sub of the system': { sub: 'system:x' },
    'no hd': { hd: undefined },
    'a long life': { exp: press.now + 1_000_000 },
  }
  return withExpression.flatMap(({ name: variant }) =>
    Object.entries(fillings).map(([name, claims]) => press.sample(name, variant, claims)),
  )
}

function writtenByHand(press: Press): readonly Sample[] {
  const members: Readonly<Record<string, string>> = {
    'sub twice': '"sub":"jane"',
    'exp twice': `"exp":${press.now + 4000}`,
    'a key twice, deep': '"x":{"a":1,"a":2}',
    'sub in capitals': '"SUB":"jane"',
    'SUB is a number': '"SUB":7',
    'exp in capitals, over': `"Exp":${press.now - 10}`,
    'iss in capitals, other': '"ISS":"https://other.example"',
    'aud in capitals, other': '"Aud":"other"',
    'aud with a long s': '"iſs":"https://other.example"',
    'nbf in capitals, ahead': `"NBF":${press.now + 4000}`,
    'groups in capitals': '"Groups":["system:masters"]',
    'a number beyond a double': '"x":1e400',
    'a number beyond 64 bits': '"x":123456789012345678901234567890',
    'a lone surrogate': '"x":"\\ud800"',
    'the wrong half first': '"x":"\\udc00\\ud800"',
    'a lone surrogate as a key': '"\\ud800":1',
    'an escaped surrogate pair': '"x":"\\ud83d\\ude00"',
    'deep, 30': `"x":${'['.repeat(30)}${']'.repeat(30)}`,
    'deep, 40': `"x":${'['.repeat(40)}${']'.repeat(40)}`,
    'deep, 500': `"x":${'['.repeat(500)}${']'.repeat(500)}`,
    'a NUL in a key': '"a\\u0000b":1',
    'a prototype': '"__proto__":"mallory"',
    'a constructor': '"constructor":{"prototype":{"sub":"jane"}}',
    events: '"events":{"http://schemas.openid.net/event/backchannel-logout":{}}',
    'typ Bearer': '"typ":"Bearer"',
    'typ Refresh': '"typ":"Refresh"',
    'typ ID': '"typ":"ID"',
    'typ is a number': '"typ":7',
  }
  const texts = (variant: string): readonly Sample[] =>
    Object.entries(members).map(([name, text]) =>
      press.sample(name, variant, withText(press, variant, text)),
    )
  return [
    ...['plain', 'prototype', 'groups-5', 'claim-rule-0'].flatMap(texts),
    press.sample('claims are a list', 'plain', '[]'),
    press.sample('claims are null', 'plain', 'null'),
    press.sample('claims are text', 'plain', '"claims"'),
    press.sample('claims are empty', 'plain', '{}'),
    press.sample('claims are nothing', 'plain', ''),
    press.sample('claims with a comma too much', 'plain', withText(press, 'plain', '"x":1,')),
    press.sample(
      'claims with blanks around',
      'plain',
      ` ${JSON.stringify(press.honest('plain'))}\n`,
    ),
    press.sample('claims with more behind', 'plain', `${JSON.stringify(press.honest('plain'))}{}`),
    press.sample(
      'claims with a byte order mark',
      'plain',
      `\ufeff${JSON.stringify(press.honest('plain'))}`,
    ),
    press.sample('claims with a comment', 'plain', `${JSON.stringify(press.honest('plain'))}/**/`),
    press.sample('a very large token', 'plain', { x: 'x'.repeat(70_000) }),
    press.sample('a large token', 'plain', { x: 'x'.repeat(40_000) }),
    press.sample('a thousand and one groups', 'plain', {
      groups: Array.from({ length: 1001 }, (_, index) => `g${index}`),
    }),
    press.sample('groups beyond the size of a head', 'plain', {
      groups: Array.from({ length: 900 }, (_, index) => `${'g'.repeat(60)}${index}`),
    }),
    press.sample('a short list in loops', 'loops', { l: ['a', 'b'] }),
    press.sample('a long list in loops', 'loops', { l: Array.from({ length: 120 }, () => 'a') }),
  ]
}
