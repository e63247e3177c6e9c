/** What a release is called and where people find it. */
export interface Release {
  /** Semantic version, without `v`. */
  readonly version: string
  /** Page of the project. */
  readonly homepage: string
  /** URL below which the archives of this version lie. */
  readonly downloads: string
}

/** A release of a repository on GitHub. */
export function releaseOn(repository: string, version: string): Release {
  const homepage = `https://github.com/${repository}`
  return { version, homepage, downloads: `${homepage}/releases/download/v${version}` }
}
