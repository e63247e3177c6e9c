import type { System } from '../../system/index.ts'

/**
 * Draws a QR code for a telephone, when stderr is a terminal that is wide enough.
 *
 * @returns lines of text; undefined when nobody could see them
 */
export async function qrCode(
  { env, terminal }: Pick<System, 'env' | 'terminal'>,
  text: string,
): Promise<string | undefined> {
  const { screenWidth } = terminal
  if (screenWidth === undefined) return undefined
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n')
  if (lines.some((line) => line.length > screenWidth)) return undefined
  return lines.map((line) => (env.NO_COLOR ? line : `${whiteOnBlack}${line}${reset}`)).join('\n')
}

/** Telephones want dark squares on a light ground, whatever colours the terminal has. */
const whiteOnBlack = '\u001b[40;97m'
const reset = '\u001b[0m'
