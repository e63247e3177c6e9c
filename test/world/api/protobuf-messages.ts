/**
 * The protobuf messages that kubectl's typed commands send (`create configmap`, `auth can-i` …),
 * from the `generated.proto` files of k8s.io/api and k8s.io/apimachinery.
 *
 * @module
 */

/** The fields of a message by their numbers. */
export interface Message {
  readonly [number: number]: Field
}

/** Name and type of a field. */
export type Field = readonly [name: string, type: FieldType]

/** Type of a field; `ignored` is what only the server decides. */
export type FieldType =
  | 'text'
  | 'texts'
  | 'integer'
  | 'boolean'
  | 'textMap'
  | 'bytesMap'
  | 'ignored'
  | Message

const objectMeta: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  4: ['selfLink', 'ignored'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  7: ['generation', 'ignored'],
  8: ['creationTimestamp', 'ignored'],
  11: ['labels', 'textMap'],
  12: ['annotations', 'textMap'],
  14: ['finalizers', 'texts'],
  17: ['managedFields', 'ignored'],
}

const resourceAttributes: Message = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
}

const nonResourceAttributes: Message = { 1: ['path', 'text'], 2: ['verb', 'text'] }

const accessReviewSpec: Message = {
  1: ['resourceAttributes', resourceAttributes],
  2: ['nonResourceAttributes', nonResourceAttributes],
}

const preconditions: Message = { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }

/** The messages by the kind that they carry. */
export const messages: Readonly<Record<string, Message>> = {
  ConfigMap: {
    1: ['metadata', objectMeta],
    2: ['data', 'textMap'],
    3: ['binaryData', 'bytesMap'],
    4: ['immutable', 'boolean'],
  },
  DeleteOptions: {
    1: ['gracePeriodSeconds', 'integer'],
    2: ['preconditions', preconditions],
    3: ['orphanDependents', 'boolean'],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun', 'texts'],
  },
  Namespace: {
    1: ['metadata', objectMeta],
    2: ['spec', { 1: ['finalizers', 'texts'] }],
    3: ['status', 'ignored'],
  },
  SelfSubjectReview: { 1: ['metadata', objectMeta], 2: ['status', 'ignored'] },
  SelfSubjectAccessReview: {
    1: ['metadata', objectMeta],
    2: ['spec', accessReviewSpec],
    3: ['status', 'ignored'],
  },
  SelfSubjectRulesReview: {
    1: ['metadata', objectMeta],
    2: ['spec', { 1: ['namespace', 'text'] }],
    3: ['status', 'ignored'],
  },
}
