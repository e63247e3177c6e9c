import { readFileSync } from 'node:fs'
import type { DeployFile } from './deploy-file.ts'
import { chartFiles } from './helm-chart.ts'
import { kustomizeFiles } from './kustomize.ts'

/** All files below `deploy/` that are made of the objects of an installation, from the root. */
export function deployFiles(): DeployFile[] {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  return [
    ...below('deploy/helm/oidc-gateway', chartFiles(version)),
    ...below('deploy/kustomize', kustomizeFiles()),
  ]
}

function below(folder: string, files: readonly DeployFile[]): DeployFile[] {
  return files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }))
}
