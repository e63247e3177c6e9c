import { namespaceObject, serviceAccountObject } from './account.ts'
import { autoscalerObjects, disruptionBudgetObject } from './availability.ts'
import { configurationMapObject } from './configuration-map.ts'
import { deploymentObject } from './deployment.ts'
import type { Installation } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { networkPolicyObject } from './network-policy.ts'
import { impersonationObjects, renewalObjects } from './rights-objects.ts'
import { monitoringObjects, serviceObject } from './service.ts'

/**
 * All objects of an installation, in the order in which they are applied: what others refer to comes
 * first. The Secrets are not among them: the one with the serving certificate is the operator's, the one
 * with a client certificate holds a key.
 */
export function installationObjects(installation: Installation): readonly KubernetesObject[] {
  return [
    namespaceObject(installation),
    serviceAccountObject(installation),
    ...impersonationObjects(installation),
    ...renewalObjects(installation),
    configurationMapObject(installation),
    networkPolicyObject(installation),
    serviceObject(installation),
    disruptionBudgetObject(installation),
    deploymentObject(installation),
    ...autoscalerObjects(installation),
    ...monitoringObjects(installation),
  ]
}
