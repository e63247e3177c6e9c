import { stringify } from 'yaml'
import type { Archive } from './archive.ts'
import type { Release } from './release.ts'

/**
 * The manifest of the plugin index krew (https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/).
 * krew calls a plugin "oidc-login" what kubectl finds as "kubectl-oidc_login".
 */
export function krewManifest(
  { version, downloads, homepage }: Release,
  archives: readonly Archive[],
): string {
  return stringify(
    {
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'oidc-login' },
      spec: {
        version: `v${version}`,
        homepage,
        shortDescription: 'Sign in to a cluster with OpenID Connect',
        description:
          'Opens the browser once to sign in at an OpenID provider (authorization code and PKCE), keeps\nthe session on disk or guarded by the keychain, and gives kubectl its token from there.\n',
        platforms: archives.filter(isChosen).map(({ executable, name, sha256 }) => {
          const { os, arch } = executable.target
          const file = os === 'windows' ? 'kubectl-oidc_login.exe' : 'kubectl-oidc_login'
          return {
            selector: { matchLabels: { os, arch } },
            uri: `${downloads}/${name}`,
            sha256,
            bin: file,
            files: [
              { from: file, to: '.' },
              { from: 'LICENSE', to: '.' },
            ],
          }
        }),
      },
    },
    { lineWidth: 0 },
  )
}

/** krew knows nothing of C libraries. */
function isChosen({ executable }: Archive): boolean {
  return !executable.target.isMusl
}
