/** The shells that have a completion script. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** One of {@link shells}. */
export type Shell = (typeof shells)[number]
