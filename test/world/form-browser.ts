// A browser without a window, for `--browser-command`: it gets the URL as its only argument, signs
// in through the login form of the provider and ends. What it does is set by the environment:
//
//   FORM_BROWSER_USERNAME, FORM_BROWSER_PASSWORD   what is typed
//   FORM_BROWSER_CA       path of the provider's certificate authority
//   FORM_BROWSER_LOG      path of a file that gets one line for each page that is opened
//   FORM_BROWSER_CANCEL   when set, Cancel is pressed instead
import { appendFileSync, readFileSync } from 'node:fs'
import { signInThroughForm } from './login-driver.ts'

const {
  FORM_BROWSER_USERNAME: username = '',
  FORM_BROWSER_PASSWORD: password = '',
  FORM_BROWSER_CA: caPath,
  FORM_BROWSER_LOG: logPath,
  FORM_BROWSER_CANCEL: cancel = '',
} = process.env
const startUrl = process.argv[2] ?? ''

if (logPath) {
  const { origin, pathname } = new URL(startUrl)
  appendFileSync(logPath, `${origin}${pathname}\n`)
}
signInThroughForm(startUrl, {
  username,
  password,
  ...(caPath ? { ca: readFileSync(caPath, 'utf8') } : {}),
  cancel: cancel !== '',
}).catch((error: unknown) => {
  process.stderr.write(`form-browser: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
