import { resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { loadConfiguration } from '../config/index.ts'
import {
  type Installation,
  type InstalledConfiguration,
  type InstalledCredential,
  installedText,
  podFiles,
  unfitForPod,
} from '../manifests/index.ts'
import { readText } from '../server/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'

/**
 * What the options of {@link installationOptions} say is to be installed.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, and `configuration_invalid`, also for what
 *   cannot be in a pod
 */
export function installationOf(
  system: Pick<System, 'files'>,
  options: GatewayOptionValues,
): Installation {
  const replicas = countOf(options, 'replicas')
  const base = {
    namespace: nameOf(options, 'namespace'),
    credential: credentialOf(options),
  }
  return {
    ...base,
    image: imageOf(options),
    replicas,
    maxReplicas: countOf(options, 'max-replicas'),
    mode: options.text('impersonation') === 'classic' ? 'classic' : 'constrained',
    configuration: configurationFor(system, options, base),
    tlsSecretName: nameOf(options, 'tls-secret', /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/),
    serviceType: serviceTypeOf(options),
    monitoringNamespace: nameOf(options, 'monitoring-namespace'),
    wantsServiceMonitor: options.isOn('service-monitor'),
  }
}

/** Read as its author has it, and once more as the pod will read it. */
function configurationFor(
  system: Pick<System, 'files'>,
  options: GatewayOptionValues,
  installation: Pick<Installation, 'namespace' | 'credential'>,
): InstalledConfiguration {
  const given = options.text('config')
  const other = options.text('authentication-config')
  if (given === undefined && other === undefined) {
    throw new OidcLoginError('usage_invalid', 'The configuration is missing.', {
      hint: 'Give --config, or at least --authentication-config.',
    })
  }
  const file = resolve(given ?? 'gateway.yaml')
  const text = given === undefined ? least : readText(system, file)
  const context = { files: system.files, language: celLanguage }
  const authenticationFile = other === undefined ? undefined : resolve(other)
  const loaded = loadConfiguration(file, { ...context, text, authenticationFile })
  const [otherFile] = loaded.files
  const installed = installedText(
    {
      text,
      authenticationText: otherFile === undefined ? undefined : readText(system, otherFile),
      onboardingAuthority: loaded.gateway.onboarding?.certificateAuthority,
    },
    installation,
  )
  const { gateway, authentication } = loadConfiguration(file, { ...context, text: installed })
  const faults = unfitForPod(gateway)
  if (faults.length > 0) {
    throw new OidcLoginError('configuration_invalid', faults.join('\n'), {
      hint: 'This is what a pod cannot have; everything else of the configuration is good.',
    })
  }
  return { text: installed, gateway, authentication }
}

/** The GatewayConfiguration of somebody who has only the other document. */
const least = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen:
  certFile: ${podFiles.servingCertificate}
  keyFile: ${podFiles.servingKey}
`

function credentialOf(options: GatewayOptionValues): InstalledCredential {
  if (options.text('credential') !== 'certificate') return { kind: 'token' }
  return { kind: 'certificate', isRenewed: options.text('renewal') !== 'external' }
}

function serviceTypeOf(options: GatewayOptionValues): Installation['serviceType'] {
  const type = options.text('service-type')
  return type === 'NodePort' || type === 'ClusterIP' ? type : 'LoadBalancer'
}

function imageOf(options: GatewayOptionValues): string {
  const image = options.text('image')
  if (image !== undefined && /^[\w][\w./:@-]*$/.test(image)) return image
  throw new OidcLoginError('usage_invalid', 'The option --image is missing or no name.', {
    hint: 'Build the image from the Containerfile, push it, and give --image=registry.example.com/oidc-gateway:0.1.0.',
  })
}

/** Of namespaces and many others (RFC 1123); Secrets may have dots, and longer names. */
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

function nameOf(options: GatewayOptionValues, option: string, pattern = label): string {
  const name = options.text(option) ?? ''
  if (pattern.test(name)) return name
  throw new OidcLoginError('usage_invalid', `The option --${option} is no name in Kubernetes.`, {
    hint: 'It has small letters, digits and dashes, and begins and ends with a letter or a digit.',
  })
}

function countOf(options: GatewayOptionValues, option: string): number {
  const text = options.text(option) ?? ''
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new OidcLoginError('usage_invalid', `The option --${option} is not a number.`, {
    hint: 'It is a whole number from 1 to 999.',
  })
}
