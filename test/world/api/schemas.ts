import type { JsonObject } from './json.ts'
import type { ResourceType } from './resources.ts'

/** An OpenAPI schema. */
export type Schema = JsonObject

/** The name of the schema of a type's objects. */
export function schemaNameOf({ group, version, kind }: ResourceType): string {
  const [firstLabel] = group.split('.')
  return `io.k8s.api.${firstLabel || 'core'}.${version}.${kind}`
}

/** The schema for the objects of a type. What a kind does not list here may hold any field. */
export function schemaOf(type: ResourceType): Schema {
  const { group, version, kind } = type
  const { description, fields } = kinds[kind] ?? { description: kind, fields: undefined }
  return {
    description,
    type: 'object',
    properties: {
      apiVersion: text('Version of the schema of this object.'),
      kind: text('Kind of this object.'),
      metadata: objectMeta,
      ...fields,
    },
    ...(fields ? {} : open),
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  }
}

const open = { 'x-kubernetes-preserve-unknown-fields': true } as const

function text(description: string): Schema {
  return { description, type: 'string' }
}

function integer(description: string): Schema {
  return { description, type: 'integer', format: 'int32' }
}

function boolean(description: string): Schema {
  return { description, type: 'boolean' }
}

function list(description: string, items: Schema): Schema {
  return { description, type: 'array', items }
}

function textMap(description: string): Schema {
  return { description, type: 'object', additionalProperties: { type: 'string' } }
}

function fields(description: string, properties: Readonly<Record<string, Schema>>): Schema {
  return { description, type: 'object', properties }
}

function anything(description: string): Schema {
  return { description, type: 'object', ...open }
}

const objectMeta = fields('Standard metadata of an object.', {
  name: text('Name, unique within the namespace.'),
  generateName: text('Beginning of a name that the server completes.'),
  namespace: text('Namespace of the object.'),
  uid: text('Unique in time and space. Set by the server.'),
  resourceVersion: text('Version of the object. Set by the server.'),
  generation: integer('Number of the desired state. Set by the server.'),
  creationTimestamp: text('When the object was created. Set by the server.'),
  deletionTimestamp: text('When the object will be deleted. Set by the server.'),
  deletionGracePeriodSeconds: integer('Seconds until the deletion. Set by the server.'),
  labels: textMap('Pairs that identify and group objects.'),
  annotations: textMap('Pairs that tools attach.'),
  finalizers: list('What must happen before the deletion.', { type: 'string' }),
  ownerReferences: list('Objects that this object depends on.', anything('Owner.')),
  managedFields: list('Who manages which fields.', anything('Manager.')),
  selfLink: text('Deprecated.'),
})

const servicePort = fields('A port of a service.', {
  name: text('Name of the port.'),
  protocol: text('TCP, UDP or SCTP; TCP by default.'),
  appProtocol: text('Protocol of the application.'),
  port: integer('Port of the service.'),
  // A number or the name of a port of the pod.
  targetPort: { description: 'Port of the pods.' },
  nodePort: integer('Port on each node.'),
})

const serviceSpec = fields('What a service does.', {
  type: text('ClusterIP, NodePort, LoadBalancer or ExternalName.'),
  clusterIP: text('Address within the cluster.'),
  clusterIPs: list('Addresses within the cluster.', { type: 'string' }),
  externalIPs: list('Addresses outside of the cluster.', { type: 'string' }),
  externalName: text('Name to which an ExternalName service refers.'),
  externalTrafficPolicy: text('Cluster or Local.'),
  internalTrafficPolicy: text('Cluster or Local.'),
  ipFamilies: list('IPv4, IPv6.', { type: 'string' }),
  ipFamilyPolicy: text('SingleStack, PreferDualStack or RequireDualStack.'),
  ports: list('Ports of the service.', servicePort),
  publishNotReadyAddresses: boolean('Whether pods that are not ready count.'),
  selector: textMap('Labels of the pods that serve.'),
  sessionAffinity: text('None or ClientIP.'),
})

interface KindSchema {
  readonly description: string
  readonly fields: Readonly<Record<string, Schema>>
}

const kinds: Readonly<Record<string, KindSchema>> = {
  ConfigMap: {
    description: 'ConfigMap holds configuration data for pods to consume.',
    fields: {
      data: textMap('Configuration data.'),
      binaryData: textMap('Configuration data that is no text, in base64.'),
      immutable: boolean('Whether the data can no longer be changed.'),
    },
  },
  Namespace: {
    description: 'Namespace provides a scope for names.',
    fields: { spec: anything('Behaviour.'), status: anything('State.') },
  },
  Pod: {
    description: 'Pod is a collection of containers that run on one host.',
    fields: { spec: anything('Desired state.'), status: anything('State.') },
  },
  Service: {
    description: 'Service is a named abstraction of software that listens on ports.',
    fields: { spec: serviceSpec, status: anything('State.') },
  },
  Deployment: {
    description: 'Deployment keeps a number of equal pods running.',
    fields: { spec: anything('Desired state.'), status: anything('State.') },
  },
}
