import { expect, test } from 'vitest'
import { celLanguage } from '../claims/index.ts'
import { decodeFile, type GatewayConfiguration } from '../config/index.ts'
import { unfitForPod } from './unfit.ts'

function configured(fields: string, listen = ''): GatewayConfiguration {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key, ${listen}}
${fields}
`
  const context = { language: celLanguage, readText: () => undefined }
  const { gateway } = decodeFile('gateway.yaml', text, context)
  if (!gateway) throw new Error('The configuration of the test is not whole.')
  return gateway
}

test('a configuration that says nothing of a workstation fits', () => {
  expect(unfitForPod(configured('operations: {host: "::"}', 'host: 0.0.0.0'))).toEqual([])
})

test.each([
  ['host: 127.0.0.1', '', 'listen.host: at 127.0.0.1 nobody can reach a pod.'],
  ['host: "::1"', '', 'listen.host: at ::1 nobody can reach a pod.'],
  ['port: 0', '', 'listen.port: a Service needs a port that is known.'],
  ['', 'operations: {host: localhost}', 'operations.host: at localhost nobody can reach a pod.'],
  ['', 'operations: {port: 0}', 'operations.port: a Service needs a port that is known.'],
  ['', 'audit: {sink: file, file: a.log}', 'audit.sink: the pod has no folder to write to.'],
])('what cannot be in a pod is told: %s %s', (listen, fields, fault) => {
  expect(unfitForPod(configured(fields, listen))).toEqual([expect.stringContaining(fault)])
})
