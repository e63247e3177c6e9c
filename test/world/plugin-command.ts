import { resolve } from 'node:path'

/**
 * How tests start the plugin, program and first arguments: as npm installs it, or the executable that the
 * variable `PLUGIN` names, so that the same tests hold for both.
 */
export const pluginCommand: readonly [program: string, ...args: string[]] = process.env.PLUGIN
  ? [resolve(process.env.PLUGIN)]
  : [process.execPath, resolve('bin', 'kubectl-oidc_login.js')]
