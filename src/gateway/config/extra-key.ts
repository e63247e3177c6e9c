import { quote } from './decoding/index.ts'

/**
 * What is wrong with the key of an extra attribute. It is `domain/path`, as in kube-apiserver; the
 * path may consist of fewer characters than there, because it becomes the name of a header (rule A16).
 */
export function faultOfExtraKey(key: string): string | undefined {
  if (key === '') return 'key is missing.'
  const [, domain = '', path = ''] = /^([^/]*)\/(.*)$/s.exec(key) ?? []
  if (domain === '' || path === '') {
    return `The key must be a domain and a path, such as "example.com/team", and this one is ${quote(key)}.`
  }
  if (key !== key.toLowerCase()) return 'The key must be lower case.'
  if (domain.length > 253 || !domain.split('.').every((label) => dnsLabel.test(label))) {
    return `${quote(domain)} is not a domain name.`
  }
  if (isKubernetesDomain(domain)) {
    return 'k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes.'
  }
  if (!/^[a-z0-9./_-]+$/.test(path)) {
    return 'The path of the key may consist of a-z, 0-9 and . / _ - only.'
  }
  return undefined
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

function isKubernetesDomain(domain: string): boolean {
  return /(^|\.)(k8s|kubernetes)\.io$/.test(domain)
}
