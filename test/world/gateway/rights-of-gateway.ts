import { spawnSync } from 'node:child_process'
import { parseAllDocuments } from 'yaml'
import { gatewayPath } from './program-path.ts'

/**
 * What the built program says that it needs of RBAC, as YAML.
 *
 * @param config path of the GatewayConfiguration
 * @param options of `manifests`
 */
export function rightsOfGateway(
  config: string,
  namespace: string,
  options: readonly string[] = [],
): string {
  const args = ['manifests', `--config=${config}`, `--namespace=${namespace}`, '--image=none']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [gatewayPath, ...args, ...options],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return parseAllDocuments(stdout)
    .filter((document) => String(document.get('kind')).startsWith('ClusterRole'))
    .map(String)
    .join('---\n')
}
