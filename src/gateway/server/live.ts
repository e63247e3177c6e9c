import { createHash } from 'node:crypto'
import type { System } from '../../system/index.ts'
import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type KeyLoadObserver,
} from '../authentication/index.ts'
import type { AuthenticationConfiguration, GatewayConfiguration } from '../config/index.ts'
import type { Judge } from '../impersonation/index.ts'
import { createJudge } from '../judge/index.ts'
import type { Reviewer } from '../kubernetes/index.ts'
import { ownAnswers } from '../pages/index.ts'
import { type Admission, type AdmissionRules, createAdmission } from '../request/index.ts'
import { loadMaterial, type Material } from './material.ts'

/** Both documents that configure a gateway. */
export interface Documents {
  readonly configuration: GatewayConfiguration
  readonly authentication: AuthenticationConfiguration
}

/** What {@link makeLive} is told beside the documents. */
export interface LiveFacts {
  readonly reviewer: Reviewer
  /** Issuers of the cluster's ServiceAccount tokens, beside those in the configuration. */
  readonly serviceAccountIssuers: readonly string[]
  /** Told of every attempt to load keys. */
  readonly observe: KeyLoadObserver
}

/** Everything that a configuration decides. It is replaced as a whole or not at all. */
export interface Live {
  readonly documents: Documents
  readonly material: Material
  readonly authenticator: Authenticator
  readonly judge: Judge
  readonly admission: Admission
  /** Identifies the configuration; equal for equal ones. */
  readonly hash: string
}

/** What {@link makeLive} needs of the System. */
export type LiveSystem = Pick<System, 'files' | 'http' | 'clock'>

/**
 * Makes what a configuration decides, without changing anything that runs: when it fails, nothing has
 * happened.
 *
 * @param previous what is in force: keys of providers that stay the same are taken over from it
 * @throws OidcLoginError for files that cannot be used, and for onboarding facts that break their rules
 */
export function makeLive(
  system: LiveSystem,
  documents: Documents,
  facts: LiveFacts,
  previous?: Live,
): Live {
  const { configuration, authentication } = documents
  const material = loadMaterial(system, configuration)
  const ownAnswer = ownAnswers(configuration.onboarding)
  const settings: AuthenticatorOptions = {
    configuration: authentication,
    settings: configuration.tokens,
    serviceAccountIssuers: facts.serviceAccountIssuers,
    observe: facts.observe,
    system,
  }
  const authenticator = previous
    ? previous.authenticator.reconfigured(settings)
    : createAuthenticator(settings)
  const { serverNames, allowedOrigins, openPaths } = configuration.listen
  const rules: AdmissionRules = {
    serverNames,
    allowedOrigins,
    maxHeaderCount: configuration.limits.maxHeaderCount,
  }
  return {
    documents,
    material,
    authenticator,
    judge: createJudge({
      authenticator,
      reviewer: facts.reviewer,
      policy: configuration.impersonation,
      openPaths,
      ownAnswer,
    }),
    admission: createAdmission(rules),
    hash: createHash('sha256').update(JSON.stringify(documents)).digest('hex').slice(0, 16),
  }
}
