/** The version in package.json; the build puts it in. */
declare const PACKAGE_VERSION: string | undefined
/** The commit that was built, when the build knew it. */
declare const PACKAGE_COMMIT: string | undefined

/** Whether the program is an executable with a runtime of its own; the build of executables puts it in. */
declare const IS_EXECUTABLE: boolean | undefined

/** Which program this is. */
export interface BuildInfo {
  /** Semantic version; `0.0.0-source` when the program was not built. */
  readonly version: string
  /** Abbreviated git commit, when the build knew it. */
  readonly commit?: string | undefined
  /** Whether it is one executable, with its runtime inside. */
  readonly isExecutable: boolean
}

/** Which program this is, as the build has written it down. */
export const buildInfo: BuildInfo = {
  version: typeof PACKAGE_VERSION === 'string' ? PACKAGE_VERSION : '0.0.0-source',
  commit: typeof PACKAGE_COMMIT === 'string' && PACKAGE_COMMIT !== '' ? PACKAGE_COMMIT : undefined,
  isExecutable: typeof IS_EXECUTABLE === 'boolean' && IS_EXECUTABLE,
}
