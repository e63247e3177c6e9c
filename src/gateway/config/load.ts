import { OidcLoginError } from '../../errors.ts'
import type { Files } from '../../system/index.ts'
import type { AuthenticationConfiguration } from './authentication-configuration.ts'
import { type DecodedFile, decodeFile, type Kind } from './decode.ts'
import type { ExpressionLanguage } from './expression-language.ts'
import type { GatewayConfiguration } from './gateway-configuration.ts'
import { lintAuthentication, lintGateway } from './lint/index.ts'
import { formatProblem, type Problem } from './problem.ts'
import type { Remark } from './remark.ts'

/** Both documents, valid as a whole. */
export interface LoadedConfiguration {
  readonly gateway: GatewayConfiguration
  readonly authentication: AuthenticationConfiguration
  /** The files that the documents came from: when one of them changes, all is read again. */
  readonly files: readonly string[]
  /** What is unwise in them: warnings, and dangers that are acknowledged. */
  readonly remarks: readonly Remark[]
}

/** What {@link loadConfiguration} needs. */
export interface LoadOptions {
  readonly files: Files
  readonly language: ExpressionLanguage
  /** Text that stands for a GatewayConfiguration, made of flags; its file is then named so. */
  readonly text?: string
  /** File of the AuthenticationConfiguration, when a flag names it. */
  readonly authenticationFile?: string | undefined
}

/**
 * Reads the configuration of the gateway: a file with both documents, or with ours that names the file
 * of the other (`authentication: path`, relative to the folder of the file).
 *
 * @param file path of the file; for `text`, its name in messages
 * @throws OidcLoginError `configuration_invalid` with everything that is wrong at once, each fault with
 *   file, line and path; `file_unreadable`
 */
export function loadConfiguration(file: string, options: LoadOptions): LoadedConfiguration {
  const { files, language } = options
  const context = { language, readText: (path: string) => readIfPossible(files, path) }
  const main = decodeFile(file, options.text ?? read(files, file), context)
  const otherFile = options.authenticationFile ?? main.authenticationFile
  const other =
    otherFile === undefined
      ? undefined
      : decodeFile(otherFile, read(files, otherFile), {
          ...context,
          only: kindOfOther,
        })
  const problems = [...main.problems, ...(other?.problems ?? []), ...missing(file, main, other)]
  const authentication = other?.authentication ?? main.authentication
  const { gateway } = main
  if (problems.length > 0 || !gateway || !authentication) throw refusal(problems)
  const { serviceAccountIssuers } = gateway.tokens
  const dangers = lintAuthentication(authentication, { language, serviceAccountIssuers })
  const remarks = lintGateway(gateway, authentication)
  const unknown = [
    ...refusedBy(dangers, gateway).map(problemAt(other ?? main, otherFile ?? file, kindOfOther)),
    ...refusedBy(remarks, gateway).map(problemAt(main, file, 'GatewayConfiguration')),
  ]
  if (unknown.length > 0) throw refusal(unknown)
  const own = options.text === undefined ? [file] : []
  return {
    gateway,
    authentication,
    files: otherFile === undefined ? own : [...own, otherFile],
    remarks: [...dangers, ...remarks],
  }
}

const kindOfOther: Kind = 'AuthenticationConfiguration'

/** Dangers that nobody has acknowledged. */
function refusedBy(
  remarks: readonly Remark[],
  { acknowledge }: GatewayConfiguration,
): readonly Remark[] {
  return remarks.filter(({ id, severity }) => severity === 'danger' && !acknowledge.includes(id))
}

function problemAt(decoded: DecodedFile, file: string, kind: Kind): (danger: Remark) => Problem {
  return ({ id, path, message, remedy }) => ({
    file,
    line: decoded.lineOf(kind, path),
    path,
    message: `${message} ${remedy} (Or take the risk, with acknowledge: [${id}] in the GatewayConfiguration.)`,
  })
}

function missing(file: string, main: DecodedFile, other: DecodedFile | undefined): Problem[] {
  const at = (message: string): Problem => ({ file, line: 1, path: '', message })
  if (main.problems.length > 0) return []
  if (!main.gateway) {
    return [at('There is no GatewayConfiguration (apiVersion: oidc-gateway/v1alpha1) in the file.')]
  }
  if (main.authentication && other) {
    return [
      at('An AuthenticationConfiguration stands here, and "authentication" names another file.'),
    ]
  }
  return main.authentication || other
    ? []
    : [
        at(
          'There is no AuthenticationConfiguration: write it into the same file behind a line "---", or name its file in "authentication".',
        ),
      ]
}

/** The error for a configuration that must not be used. */
function refusal(problems: readonly Problem[]): OidcLoginError {
  const lines = problems.map(formatProblem)
  const message =
    lines.length === 1
      ? `The configuration is refused. ${lines[0]}`
      : `The configuration is refused for ${lines.length} reasons.\n${lines.map((line) => `  ${line}`).join('\n')}`
  return new OidcLoginError('configuration_invalid', message, {
    hint: 'docs/gateway-configuration.md lists every field.',
  })
}

function read(files: Files, path: string): string {
  const text = readIfPossible(files, path)
  if (text !== undefined) return text
  throw new OidcLoginError('file_unreadable', `The file ${path} cannot be read.`, {
    hint: 'Check the path and the permissions.',
  })
}

function readIfPossible(files: Files, path: string): string | undefined {
  try {
    return files.read(path)?.text
  } catch {
    return undefined
  }
}
