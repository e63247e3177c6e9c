/** A platform that an executable is made for. */
export interface Target {
  /** As archives are named: `<os>-<architecture>`. */
  readonly name: string
  /** As krew and Go name it. */
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly arch: 'amd64' | 'arm64'
  /** Whether the C library is musl (Alpine Linux). */
  readonly isMusl?: boolean
  /** The npm package with the runtime, and the SHA-512 of its archive. */
  readonly runtime: Download
  /** The npm package that speaks to the keychain; the lock file knows its version and digest. */
  readonly keychain: string
}

/** An archive of the npm registry. */
export interface Download {
  readonly name: string
  readonly version: string
  /** Subresource integrity, as npm writes it. */
  readonly integrity: string
}

/** The version of Bun that all executables carry. */
export const bunVersion = '1.4.5'

/**
 * All platforms. On x64 it is the build that runs on every processor; the other one ends with "illegal
 * instruction" on those without AVX2.
 */
export const targets: readonly Target[] = [
  {
    name: 'linux-amd64',
    os: 'linux',
    arch: 'amd64',
    runtime: bun(
      'linux-x64-baseline',
      'sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==',
    ),
    keychain: '@napi-rs/keyring-linux-x64-gnu',
  },
  {
    name: 'linux-arm64',
    os: 'linux',
    arch: 'arm64',
    runtime: bun(
      'linux-aarch64',
      'sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==',
    ),
    keychain: '@napi-rs/keyring-linux-arm64-gnu',
  },
  {
    name: 'linux-musl-amd64',
    os: 'linux',
    arch: 'amd64',
    isMusl: true,
    runtime: bun(
      'linux-x64-musl-baseline',
      'sha512-cWJhU8h0+MiUgpSt99sQhjxLIIosKEcKYdtKddohokUvAuN6jKOy7g7+QDTZTXtwHxz93wL3BX+L6wXVPDUH3A==',
    ),
    keychain: '@napi-rs/keyring-linux-x64-musl',
  },
  {
    name: 'linux-musl-arm64',
    os: 'linux',
    arch: 'arm64',
    isMusl: true,
    runtime: bun(
      'linux-aarch64-musl',
      'sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==',
    ),
    keychain: '@napi-rs/keyring-linux-arm64-musl',
  },
  {
    name: 'darwin-amd64',
    os: 'darwin',
    arch: 'amd64',
    runtime: bun(
      'darwin-x64-baseline',
      'sha512-zqfLA5A4B+hYMh5WYzYSot3uZ06FzhdP0OEwQisEzdirYtXGj5cQFlfy31BGfNsAsk1Gd/w/OxJ/jqqJ3cMclw==',
    ),
    keychain: '@napi-rs/keyring-darwin-x64',
  },
  {
    name: 'darwin-arm64',
    os: 'darwin',
    arch: 'arm64',
    runtime: bun(
      'darwin-aarch64',
      'sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==',
    ),
    keychain: '@napi-rs/keyring-darwin-arm64',
  },
  {
    name: 'windows-amd64',
    os: 'windows',
    arch: 'amd64',
    runtime: bun(
      'windows-x64-baseline',
      'sha512-/U3Dc74uGqE6EUqef7mPtg9KwJs7iJH4JHRMfIZIn18MrJh6Xz4gVvWDXRvzCL2j8wPlTnJVyrO4n7Qq4uM7TQ==',
    ),
    keychain: '@napi-rs/keyring-win32-x64-msvc',
  },
]

/** The target of the computer that we run on; undefined when there is none. */
export function ownTarget(): Target | undefined {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64']
  const os = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[
    process.platform as 'linux' | 'darwin' | 'win32'
  ]
  return targets.find((one) => one.os === os && one.arch === arch && one.isMusl === isMusl())
}

/** Node tells the version of glibc where it is the C library. */
function isMusl(): true | undefined {
  if (process.platform !== 'linux') return undefined
  const { header } = process.report.getReport() as unknown as {
    readonly header: { readonly glibcVersionRuntime?: string }
  }
  return header.glibcVersionRuntime === undefined ? true : undefined
}

function bun(platform: string, integrity: string): Download {
  return { name: `@oven/bun-${platform}`, version: bunVersion, integrity }
}
