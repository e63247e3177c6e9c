/** An object as the Kubernetes API takes it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMetadata
  readonly [field: string]: unknown
}

/** What every object of an installation says about itself. */
export interface ObjectMetadata {
  readonly name: string
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}
