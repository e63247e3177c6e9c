import { gatewayName, type Installation } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { labels, namespaced, podLabels } from './metadata.ts'

/** Name of the Service that only Prometheus uses. */
const operationsName = `${gatewayName}-operations`

/** Where kubectl connects. The operations port is not part of it: it is not for everybody. */
export function serviceObject(installation: Installation): KubernetesObject {
  const { serviceType } = installation
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(installation),
    spec: {
      type: serviceType,
      // Else everybody comes from the address of a node, and shares its limits and its audit lines.
      ...(serviceType === 'ClusterIP' ? {} : { externalTrafficPolicy: 'Local' }),
      selector: podLabels,
      ports: [{ name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' }],
    },
  }
}

/** What the Prometheus operator needs: a Service without an address, and the order to read it. */
export function monitoringObjects(installation: Installation): readonly KubernetesObject[] {
  if (!installation.wantsServiceMonitor) return []
  const { namespace } = installation
  const component = { 'app.kubernetes.io/component': 'operations' }
  const metadata = namespaced(installation, operationsName)
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, labels: { ...labels, ...component } },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: podLabels,
        ports: [{ name: 'operations', port: 8080, targetPort: 'operations', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata,
      spec: {
        selector: { matchLabels: { ...podLabels, ...component } },
        namespaceSelector: { matchNames: [namespace] },
        endpoints: [{ port: 'operations', path: '/metrics' }],
      },
    },
  ]
}
