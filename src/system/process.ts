/** Who we are. */
export interface ProcessInfo {
  /** Process id. */
  readonly pid: number
  /** Process id of whoever started this process: kubectl, or a shell. */
  readonly parentPid: number
  /** Numeric user id; undefined on Windows, which has none. */
  readonly uid: number | undefined
  /** Operating system, in Node's names (`linux`, `darwin`, `win32` …). */
  readonly platform: NodeJS.Platform
  /** Home folder of the user; undefined when the system names none. */
  readonly home: string | undefined
  /** When this process was started, in milliseconds since the Unix epoch. */
  readonly startedAt: number
}
