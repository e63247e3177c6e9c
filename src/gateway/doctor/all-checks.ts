import type { Check } from '../../findings/index.ts'
import { apiServerCheck } from './checks/api-server.ts'
import { certificatesCheck, credentialCheck } from './checks/certificates.ts'
import { clockCheck } from './checks/clock.ts'
import { configurationCheck } from './checks/configuration.ts'
import { frontProxyCheck } from './checks/front-proxy.ts'
import { ownIssuerCheck } from './checks/own-issuer.ts'
import { providersCheck } from './checks/providers.ts'
import { renewalCheck } from './checks/renewal.ts'
import { classicLeftoverCheck, rightsCheck } from './checks/rights.ts'
import { surplusCheck } from './checks/surplus.ts'
import { thievesCheck } from './checks/thieves.ts'
import type { DoctorContext, RightsContext } from './context.ts'

/** Every check of a gateway's configuration and surroundings. */
export const doctorChecks: readonly Check<DoctorContext>[] = [
  configurationCheck,
  certificatesCheck,
  credentialCheck,
  providersCheck,
  clockCheck,
  apiServerCheck,
  ownIssuerCheck,
  rightsCheck,
  classicLeftoverCheck,
  surplusCheck,
  renewalCheck,
  frontProxyCheck,
  thievesCheck,
]

/** The ones that look at who the gateway is and what it may do. */
export const rightsChecks: readonly Check<RightsContext>[] = [
  apiServerCheck,
  rightsCheck,
  classicLeftoverCheck,
  surplusCheck,
]
