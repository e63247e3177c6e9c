import type { Check } from './check.ts'
import { apiServerCheck } from './checks/api-server.ts'
import { browserCheck } from './checks/browser.ts'
import { clockCheck } from './checks/clock.ts'
import { discoveryCheck } from './checks/discovery.ts'
import { dnsCheck } from './checks/dns.ts'
import { featuresCheck } from './checks/features.ts'
import { keychainCheck } from './checks/keychain.ts'
import { kubeconfigCheck } from './checks/kubeconfig.ts'
import { kubectlCheck } from './checks/kubectl.ts'
import { lockCheck } from './checks/lock.ts'
import { pluginCheck } from './checks/plugin.ts'
import { proxyCheck } from './checks/proxy.ts'
import { redirectUrisCheck } from './checks/redirect-uris.ts'
import { sessionCheck } from './checks/session.ts'
import { sessionFolderCheck } from './checks/session-folder.ts'
import { tcpCheck } from './checks/tcp.ts'
import { tlsCheck } from './checks/tls.ts'

/** Every check, in the order in which a sign-in meets what it looks at. */
export const allChecks: readonly Check[] = [
  pluginCheck,
  kubectlCheck,
  kubeconfigCheck,
  dnsCheck,
  tcpCheck,
  proxyCheck,
  tlsCheck,
  discoveryCheck,
  featuresCheck,
  redirectUrisCheck,
  clockCheck,
  sessionCheck,
  apiServerCheck,
  sessionFolderCheck,
  lockCheck,
  keychainCheck,
  browserCheck,
]
