import { describe, expect, it } from 'vitest'
import { createCookieJar } from './login-driver-cookies.ts'

const url = new URL('https://localhost:1234/auth/login')

describe('a cookie jar', () => {
  it('sends a cookie to its host and path only, whatever the port', () => {
    const jar = createCookieJar()
    jar.store(url, ['a=1; path=/auth; httponly', 'b=2; Path=/', 'c=3'])
    expect(jar.headerFor(url)).toBe('a=1; b=2; c=3')
    expect(jar.headerFor(new URL('https://localhost:99/auth'))).toBe('a=1; b=2; c=3')
    expect(jar.headerFor(new URL('https://localhost/authority'))).toBe('b=2')
    expect(jar.headerFor(new URL('https://127.0.0.1/auth'))).toBe('')
  })

  it('keeps cookies of one name apart by their paths', () => {
    const jar = createCookieJar()
    jar.store(url, ['id=one; path=/one', 'id=two; path=/two'])
    expect(jar.headerFor(new URL('/one', url))).toBe('id=one')
    expect(jar.headerFor(new URL('/two/x', url))).toBe('id=two')
  })

  it('does not send a secure cookie over plain HTTP', () => {
    const jar = createCookieJar()
    jar.store(url, ['a=1; path=/; secure'])
    expect(jar.headerFor(new URL('http://localhost:1234/'))).toBe('')
  })

  it('forgets a cookie that expires', () => {
    const jar = createCookieJar()
    jar.store(url, ['a=1; path=/', 'b=2; path=/', 'c=x=y; path=/; max-age=60'])
    jar.store(url, ['a=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=; path=/; Max-Age=0'])
    expect(jar.headerFor(url)).toBe('c=x=y')
  })
})
