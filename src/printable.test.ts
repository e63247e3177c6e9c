import { describe, expect, it } from 'vitest'
import { printable } from './printable.ts'

describe('printable()', () => {
  it('keeps letters of any language, punctuation and symbols', () => {
    expect(printable('Zugriff verweigert – доступ <b>&"1" 漢字 🔒')).toBe(
      'Zugriff verweigert – доступ <b>&"1" 漢字 🔒',
    )
  })

  it('makes one line of many', () => {
    expect(printable(' one\r\ntwo\u2028three\tfour \u0085 ')).toBe('one two three four')
  })

  it('removes what moves the cursor, hides text, or turns its direction', () => {
    expect(printable('a\u001b[31mb\u0007c\u009bd\u202ee\u2066f\u200bg\ud800h')).toBe(
      'a [31mb c d e f g h',
    )
  })

  it('bounds the length without cutting a character in two', () => {
    expect(printable('🔒'.repeat(10), 4)).toBe('🔒🔒🔒…')
    expect(printable('abcd', 4)).toBe('abcd')
  })
})
