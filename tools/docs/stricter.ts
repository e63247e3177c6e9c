import { stricterThanKubeApiserver } from '../../src/gateway/authentication/index.ts'

/** The lines of the table that says what the gateway refuses and kube-apiserver accepts. */
export function stricterRows(): string[] {
  const rows = stricterThanKubeApiserver.map(
    ({ rule, refused, because, setting }) =>
      `| ${rule} | ${refused} | ${because} | ${setting ?? 'nothing'} |`,
  )
  return ['| rule | refused | because | turned off by |', '| --- | --- | --- | --- |', ...rows]
}
