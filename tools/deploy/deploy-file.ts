/** A file below `deploy/` that is made from the source. */
export interface DeployFile {
  /** Below the folder of what it is a part of. */
  readonly path: string
  readonly text: string
}
