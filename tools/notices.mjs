import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The licences of the packages that files belong to.
 *
 * @param {string[]} inputs paths below the repository
 */
export function notices(inputs) {
  return packagesOf(inputs).map(notice).join('\n')
}

/**
 * The packages that files belong to, in order.
 *
 * @param {readonly string[]} inputs paths below the repository
 */
export function packagesOf(inputs) {
  const packages = inputs.flatMap((input) => {
    const name = /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    return name === undefined ? [] : [name]
  })
  return [...new Set(packages)].sort()
}

/** @param {string} name */
function notice(name) {
  const folder = join('node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text =
    file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''
  return `${name} ${version} (${license})\n\n${text}\n${'-'.repeat(80)}\n`
}
