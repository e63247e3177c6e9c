import { randomInt } from 'node:crypto'
import { isJsonObject, itemsAt, textAt } from './json.ts'
import type { ObjectDraft } from './object.ts'
import type { ResourceType } from './resources.ts'

/** Fills in what the server decides when an object is created. */
export function withDefaults(draft: ObjectDraft, type: ResourceType): ObjectDraft {
  switch (type.kind) {
    case 'Namespace':
      return { ...draft, status: { phase: 'Active' } }
    case 'Pod':
      // Nothing schedules pods here: they stay as they are.
      return { ...draft, status: { phase: 'Pending' } }
    case 'Service':
      return withServiceDefaults(draft)
    default:
      return draft
  }
}

function withServiceDefaults(draft: ObjectDraft): ObjectDraft {
  const spec = isJsonObject(draft.spec) ? draft.spec : {}
  const type = textAt(spec, 'type') || 'ClusterIP'
  const ports = itemsAt(spec, 'ports').map((port) =>
    isJsonObject(port) ? { protocol: 'TCP', targetPort: port.port, ...port } : port,
  )
  const address = type === 'ExternalName' ? {} : { clusterIP: newClusterIp() }
  return { ...draft, spec: { type, ...address, ...spec, ports }, status: { loadBalancer: {} } }
}

/** From the network that most clusters use for services; nothing listens there. */
function newClusterIp(): string {
  return `10.96.${randomInt(1, 255)}.${randomInt(1, 255)}`
}
