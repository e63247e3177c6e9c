import type { Archive } from './archive.ts'
import type { Release } from './release.ts'

/** The formula for Homebrew (https://docs.brew.sh/Formula-Cookbook), on macOS and Linux. */
export function homebrewFormula(
  { version, downloads, homepage }: Release,
  archives: readonly Archive[],
): string {
  const place = (os: string, arch: string): readonly string[] => {
    const found = archives.find(
      ({ executable: { target } }) => target.os === os && target.arch === arch && !target.isMusl,
    )
    if (found === undefined) throw new Error(`There is no archive for ${os} on ${arch}.`)
    return [`      url "${downloads}/${found.name}"`, `      sha256 "${found.sha256}"`]
  }
  const platform = (name: string, os: string): readonly string[] => [
    `  on_${name} do`,
    '    on_arm do',
    ...place(os, 'arm64'),
    '    end',
    '    on_intel do',
    ...place(os, 'amd64'),
    '    end',
    '  end',
    '',
  ]
  return [
    'class KubectlOidcLogin < Formula',
    '  desc "Sign in to Kubernetes with OpenID Connect"',
    `  homepage "${homepage}"`,
    `  version "${version}"`,
    '  license "Apache-2.0"',
    '',
    ...platform('macos', 'darwin'),
    ...platform('linux', 'linux'),
    '  def install',
    '    bin.install "kubectl-oidc_login"',
    '  end',
    '',
    '  test do',
    '    assert_match version.to_s, shell_output("#{bin}/kubectl-oidc_login version")',
    '  end',
    'end',
    '',
  ].join('\n')
}
