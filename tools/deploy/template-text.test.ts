import { expect, test } from 'vitest'
import { either, filled } from './template-text.ts'

test('what differs stands in a condition, and what is the same once', () => {
  expect(either('x', 'a:\n  b: 1\nc: 3\n', 'a:\n  b: 2\nc: 3\n')).toBe(
    'a:\n  {{- if x }}\n  b: 1\n  {{- else }}\n  b: 2\n  {{- end }}\nc: 3\n',
  )
  expect(either('x', 'a\nb\n', 'a\n')).toBe('a\n{{- if x }}\nb\n{{- end }}\n')
  expect(either('x', 'a\n', 'a\nb\n')).toBe('a\n{{- if not (x) }}\nb\n{{- end }}\n')
  expect(either('x', 'a\n', 'a\n')).toBe('a\n')
})

test('a placeholder that is not there is an error', () => {
  expect(filled('a: NAME, b: NAME', { NAME: '{{ .Name }}' })).toBe('a: {{ .Name }}, b: {{ .Name }}')
  expect(() => filled('a: 1', { NAME: '' })).toThrow('"NAME" is not in')
})
