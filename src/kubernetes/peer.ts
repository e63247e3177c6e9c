import type { Peer } from '../system/index.ts'

/** The API server, configured by the cluster entry of a kubeconfig. */
export const apiServerPeer: Peer = {
  codes: {
    unreachable: 'api_server_unreachable',
    timedOut: 'api_server_unreachable',
    untrusted: 'api_server_untrusted',
    invalid: 'api_server_response_invalid',
  },
  name: 'the API server',
  urlPlace: 'the URL of the API server',
  authorityPlace: '"certificate-authority" of the cluster in the kubeconfig',
  serverNamePlace: '"tls-server-name" of the cluster in the kubeconfig',
  proxyPlace: '"proxy-url" of the cluster in the kubeconfig',
  proxyBypass: 'NO_PROXY',
  expected: 'a Kubernetes API server',
  afterTimeout: '',
}
