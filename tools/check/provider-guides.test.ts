import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkProviderGuides } from './provider-guides.ts'

const guide = `# Provider

\`\`\`yaml
users:
  - name: x
    user:
      exec:
        args:
          - oidc-login
          - get-token
          - --oidc-issuer-url=https://sso.example.com/
          - --oidc-client-id=kubernetes
\`\`\`

\`\`\`yaml
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer:
      url: https://sso.example.com/
      audiences:
        - kubernetes
    claimMappings:
      username:
        claim: sub
        prefix: "oidc:"
\`\`\`
`

function complaintsAbout(text: string): string[] {
  const page = join(temporaryFolder(), 'guide.md')
  writeFileSync(page, text)
  return checkProviderGuides([page])
}

test('a guide whose two sides agree is good', () => {
  expect(complaintsAbout(guide)).toEqual([])
})

test.each([
  ['no kubeconfig', /users:/, 'persons:', 'not one kubeconfig'],
  ['an option that does not exist', /--oidc-client-id/, '--oidc-client', 'no option --oidc-client'],
  ['another issuer', /url: .*\//, 'url: https://sso.example.com', 'another issuer'],
  ['another client', /- kubernetes\n {4}/, '- other\n    ', 'another client'],
  ['what the API server refuses', /prefix/, 'suffix', '"suffix"'],
])('a guide with %s is not', (_, pattern, replacement, says) => {
  expect(complaintsAbout(guide.replace(pattern, replacement)).join('\n')).toContain(says)
})
