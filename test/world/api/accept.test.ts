import { expect, test } from 'vitest'
import { chooseRepresentation, mediaTypeOf, table } from './accept.ts'
import { StatusError } from './status.ts'

const kubectlGet =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'

test.each([
  ['what kubectl get sends', kubectlGet],
  ['parameters in another order', 'application/json; g=meta.k8s.io; as=Table; v=v1'],
])('a table is chosen for %s', (_, accept) => {
  expect(chooseRepresentation(accept, [table])).toBe(table)
})

test.each([
  ['no Accept header', undefined],
  ['any type', '*/*'],
  ['what a typed client sends', 'application/vnd.kubernetes.protobuf,application/json'],
  ['a form that is not offered, when plain JSON may follow', 'application/json;as=Other, */*'],
])('plain JSON is chosen for %s', (_, accept) => {
  expect(chooseRepresentation(accept, [table])).toBeUndefined()
})

test('the quality of a range decides before its place', () => {
  const accept = `application/json;as=Table;v=v1;g=meta.k8s.io;q=0.5,application/json`
  expect(chooseRepresentation(accept, [table])).toBeUndefined()
})

test.each([
  'application/vnd.kubernetes.protobuf',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v2;g=meta.k8s.io',
  'application/json;q=0',
])('a caller who takes only %s is refused', (accept) => {
  expect(() => chooseRepresentation(accept, [table])).toThrow(StatusError)
})

test('the answer names its form', () => {
  expect(mediaTypeOf(undefined)).toBe('application/json')
  expect(mediaTypeOf(table)).toBe('application/json;g=meta.k8s.io;v=v1;as=Table')
})
