import { describe, expect, it } from 'vitest'
import { findForm } from './login-driver-html.ts'

describe('findForm()', () => {
  it('finds nothing on a page without a form', () => {
    expect(findForm('<h1>Signed in</h1><button>Close</button>')).toBeUndefined()
  })

  it('reads action, method, fields and buttons, whatever the quotes', () => {
    const html = `<FORM method=POST action='/login?a=1&amp;b=2'>
      <input type="hidden" name="token" value="&quot;x&#39;&#x41;&quot;">
      <input name=user value=john disabled>
      <input type="submit" name="login" value="Sign In"/>
      <button type="submit" name='action' value="cancel">Cancel</button>
    </FORM>`
    expect(findForm(html)).toEqual({
      action: '/login?a=1&b=2',
      method: 'post',
      fields: [
        { name: 'token', value: `"x'A"`, type: 'hidden' },
        { name: 'user', value: 'john', type: 'text' },
      ],
      buttons: [
        { name: 'login', value: 'Sign In', type: 'submit' },
        { name: 'action', value: 'cancel', type: 'submit' },
      ],
    })
  })

  it('finds the buttons that stand outside and name the form', () => {
    const html = `<form id="f" action="/a"></form>
      <button form="f" name="yes" value="1">Yes</button><button form="other">No</button>`
    expect(findForm(html)?.buttons).toEqual([{ name: 'yes', value: '1', type: 'submit' }])
    expect(findForm(html)?.method).toBe('get')
  })
})
