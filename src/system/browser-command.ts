/** A program and its arguments. */
export interface CommandLine {
  readonly program: string
  readonly args: readonly string[]
}

/** What the meaning of a `--browser-command` depends on. */
export interface CommandSurroundings {
  readonly platform: NodeJS.Platform
  /** Whether a path leads to a file. */
  isFile(path: string): boolean
}

/**
 * Reads `--browser-command`: words as a shell splits them, although no shell is run, with `{url}`
 * where the URL belongs; without it the URL is the last argument. The path of a file is taken as a
 * whole, spaces and all, as int128/kubelogin takes every value.
 *
 * @throws Error when there is no program, or a quote is not closed
 */
export function browserCommandLine(
  template: string,
  url: string,
  surroundings: CommandSurroundings,
): CommandLine {
  const words = surroundings.isFile(template)
    ? [template]
    : splitWords(template, surroundings.platform)
  return fill(words, '{url}', url)
}

/**
 * Reads `$BROWSER`: commands separated by colons (semicolons on Windows), tried in order, with `%s`
 * where the URL belongs, and `%%` for a percent sign; without it the URL is the last argument.
 *
 * @throws Error when a quote is not closed
 */
export function environmentBrowsers(
  value: string,
  url: string,
  surroundings: CommandSurroundings,
): CommandLine[] {
  const commands = value.split(surroundings.platform === 'win32' ? ';' : ':')
  return commands
    .filter((command) => command.trim() !== '')
    .map((command) => {
      const words = surroundings.isFile(command)
        ? [command]
        : splitWords(command, surroundings.platform)
      return fill(words, '%s', url, (word) => word.replaceAll('%%', '%'))
    })
}

function fill(
  [program, ...args]: readonly string[],
  place: string,
  url: string,
  decode: (word: string) => string = (word) => word,
): CommandLine {
  if (program === undefined || program === '') throw new Error('the command names no program')
  const withUrl = args.map((word) => word.split(place).map(decode).join(url))
  const isPlaced = args.some((word) => word.includes(place))
  return { program, args: isPlaced ? withUrl : [...withUrl, url] }
}

/** Splits as a POSIX shell does, without expansions. On Windows a backslash is part of a path. */
function splitWords(text: string, platform: NodeJS.Platform): string[] {
  const words: string[] = []
  let rest = text.trim()
  let word = ''
  while (rest !== '') {
    const piece = (platform === 'win32' ? windowsPiece : posixPiece).exec(rest)
    if (piece === null) throw new Error('a quote in the command is not closed')
    const { single, double, escaped, plain } = piece.groups ?? {}
    word += single ?? doubleQuoted(double, platform) ?? escaped ?? plain ?? ''
    rest = rest.slice(piece[0].length)
    const afterSpace = rest.trimStart()
    if (rest !== '' && afterSpace === rest) continue
    words.push(word)
    word = ''
    rest = afterSpace
  }
  return words
}

const posixPiece =
  /^(?:'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\]+))/s
const windowsPiece = /^(?:"(?<double>[^"]*)"|(?<plain>[^\s"]+))/

function doubleQuoted(text: string | undefined, platform: NodeJS.Platform): string | undefined {
  return platform === 'win32' ? text : text?.replaceAll(/\\(["\\$`])/g, '$1')
}
