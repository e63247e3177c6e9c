import { OidcLoginError } from '../../errors.ts'
import type { Kubeconfig, UserEntry } from '../../kubeconfig/index.ts'
import { printable } from '../../printable.ts'
import { execChange, pluginCall } from '../../setup/index.ts'
import type { System } from '../../system/index.ts'
import type { OptionValues } from '../given-options.ts'
import { environmentVariable } from '../option-spec.ts'
import { givenArguments } from './given-arguments.ts'
import { overlay } from './overlay.ts'
import { openKubeconfig, revise, showRevision } from './revise.ts'
import { refuseSecrets } from './secrets.ts'
import { passedOnOptions } from './setup-options.ts'

/** The settings of `auth-provider: {name: oidc}` and the options that they become. */
const optionOfSetting = {
  'idp-issuer-url': 'oidc-issuer-url',
  'client-id': 'oidc-client-id',
  'idp-certificate-authority': 'certificate-authority',
  'idp-certificate-authority-data': 'certificate-authority-data',
  'extra-scopes': 'oidc-extra-scope',
} as const

const secretOption = 'oidc-client-secret'

/** With one of these the client proves itself without the secret of the auth-provider. */
const otherProofs = [secretOption, `${secretOption}-file`, 'oidc-client-key']

/**
 * `setup --from-auth-provider`: converts a user of the kubeconfig who signs in by the auth-provider
 * `oidc` into one who signs in by this plugin. Options that are given are added, or win.
 *
 * @throws OidcLoginError `usage_invalid` when there is no such user, and what writing throws
 */
export async function convertAuthProvider(system: System, options: OptionValues): Promise<void> {
  const kubeconfig = openKubeconfig(system, options)
  const { name, config } = authProviderUser(kubeconfig.contents, options)
  const { args, withheld } = givenArguments(passedOnOptions, withSettings(options, config))
  refuseSecrets(withheld)
  const secret = config['client-secret']
  const hasSecretElsewhere = otherProofs.some((option) => options.text(option) !== undefined)
  const env =
    secret && !hasSecretElsewhere
      ? { [environmentVariable({ name: secretOption })]: secret }
      : undefined
  const changes = [execChange(name, { ...(await pluginCall(system, ['get-token', ...args])), env })]
  if (options.flag('dry-run')) {
    showRevision(system, kubeconfig, changes)
    return
  }
  const backups = revise(system, kubeconfig, changes)
  const say = (text: string): void => system.terminal.stderr(text)
  say(`The user "${printable(name)}" signs in by this plugin now, with the next kubectl command.`)
  if (config['id-token'] || config['refresh-token']) {
    say(
      `The tokens that kubectl kept in the kubeconfig are dropped. ${backups.join(', ')} still holds them: delete it when all works.`,
    )
  }
  if (env) {
    say(
      `The client secret stays in the kubeconfig, where it was, now as ${Object.keys(env).join()}: an environment variable of the plugin, which no list of processes shows. Better is a file of its own: delete the variable, and add --oidc-client-secret-file=FILE to the arguments.`,
    )
  } else if (secret) {
    say('The client secret is not in the kubeconfig any more.')
  }
}

interface AuthProviderUser {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
}

function authProviderUser(contents: Kubeconfig, options: OptionValues): AuthProviderUser {
  const context = options.text('context') ?? contents.currentContext
  const name = options.text('user') ?? contents.contexts.find((one) => one.name === context)?.user
  if (name === undefined) {
    throw invalid(
      'It is not clear which user of the kubeconfig is meant: there is no current context.',
      candidates(contents),
    )
  }
  const user = contents.users.find((one) => one.name === name)
  if (user?.authProvider?.name !== 'oidc') {
    throw invalid(
      `The user "${printable(name)}" of the kubeconfig ${missing(user)}.`,
      candidates(contents),
    )
  }
  const { config } = user.authProvider
  for (const setting of ['idp-issuer-url', 'client-id'] as const) {
    if (!config[setting] && options.text(optionOfSetting[setting]) === undefined) {
      throw invalid(
        `The auth-provider of the user "${printable(name)}" has no ${setting}.`,
        `Give it with --${optionOfSetting[setting]}.`,
      )
    }
  }
  return { name, config }
}

function missing(user: UserEntry | undefined): string {
  if (user === undefined) return 'is not there'
  if (user.exec) return 'has no auth-provider: it runs a plugin already'
  return 'has no auth-provider "oidc"'
}

function candidates({ users }: Kubeconfig): string {
  const names = users
    .filter(({ authProvider }) => authProvider?.name === 'oidc')
    .map(({ name }) => printable(name))
  return names.length === 0
    ? 'No user of the kubeconfig has the auth-provider "oidc".'
    : `Give --user or --context. These users can be converted: ${names.join(', ')}.`
}

function withSettings(
  options: OptionValues,
  config: Readonly<Record<string, string>>,
): OptionValues {
  const settings = Object.entries(optionOfSetting).flatMap(([setting, option]) => {
    const value = config[setting]
    if (!value || options.sourceOf(option) !== undefined) return []
    return [[option, settingValue(option, value)] as const]
  })
  return overlay(options, Object.fromEntries(settings))
}

function settingValue(option: string, value: string): string | readonly string[] {
  if (option === 'oidc-extra-scope') return value.split(',').map((scope) => scope.trim())
  return option.startsWith('certificate-authority') ? [value] : value
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', message, { hint })
}
