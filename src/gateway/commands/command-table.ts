import type { GatewayCommand } from './command-spec.ts'
import { importOptions } from './import-options.ts'
import { initOptions } from './init-options.ts'
import { installationOptions } from './installation-options.ts'
import { keycloakOptions } from './keycloak/options.ts'
import { serveOptions } from './serve-options.ts'
import { outputOption, verifyOptions } from './verify-options.ts'

/** All commands of the gateway. Each loads what it needs when it is called. */
export const commandTable: readonly GatewayCommand[] = [
  {
    name: 'serve',
    summary: 'run the gateway until a signal ends it',
    options: serveOptions,
    examples: [
      'oidc-gateway serve --config gateway.yaml',
      'oidc-gateway serve --config gateway.yaml --check',
      'oidc-gateway serve --authentication-config oidc.yaml --tls-cert tls.crt --tls-key tls.key \\\n      --kubeconfig ~/.kube/config --context admin',
    ],
    run: async (system, options) => await (await import('./serve.ts')).serve(system, options),
  },
  {
    name: 'init',
    summary: 'install the gateway in a cluster; run it again after every change',
    options: initOptions,
    examples: [
      'oidc-gateway init --config gateway.yaml --image registry.example.com/oidc-gateway:0.1.0 \\\n      --tls-cert tls.crt --tls-key tls.key',
      'oidc-gateway init --config gateway.yaml --image registry.example.com/oidc-gateway:0.1.0 \\\n      --tls-secret gateway-tls --apply',
      'oidc-gateway init --config gateway.yaml --credential-out ./credential --apply',
      'oidc-gateway init --uninstall --apply',
    ],
    run: async (system, options) => await (await import('./init.ts')).init(system, options),
  },
  {
    name: 'verify',
    summary: 'try a running gateway, as kubectl and as an attacker would',
    options: verifyOptions,
    examples: [
      'kubectl oidc-login get-token … > token.json',
      "oidc-gateway verify --server=https://gateway.example.com --token-file=token.json \\\n      --may='list services -n default' --may-not='list pods -n default'",
      'oidc-gateway verify --server=https://localhost:8443 --certificate-authority=ca.crt \\\n      --token-file=token.json --pod=default/hello --port=8080 --output=json',
    ],
    run: async (system, options) => await (await import('./verify.ts')).verify(system, options),
  },
  {
    name: 'doctor',
    summary: 'look at the configuration and at everything that the gateway depends on',
    options: [...serveOptions.filter(({ name }) => name !== 'check'), outputOption],
    examples: [
      'oidc-gateway doctor --config gateway.yaml',
      'oidc-gateway doctor --config gateway.yaml --output=json',
    ],
    run: async (system, options) => await (await import('./doctor.ts')).doctor(system, options),
  },
  {
    name: 'manifests',
    summary: 'print what is to be installed in a cluster, as YAML',
    options: installationOptions,
    examples: [
      'oidc-gateway manifests --config gateway.yaml --image registry.example.com/oidc-gateway:0.1.0 > oidc-gateway.yaml',
      'oidc-gateway manifests --config gateway.yaml --image registry.example.com/oidc-gateway:0.1.0 \\\n      --impersonation classic --service-monitor | kubectl diff -f -',
    ],
    run: async (system, options) =>
      (await import('./manifests.ts')).printManifests(system, options),
  },
  {
    name: 'kubeconfig',
    summary: 'print a kubeconfig for the people of this gateway',
    options: [
      {
        name: 'config',
        placeholder: 'file',
        description: 'GatewayConfiguration, whose "onboarding" names cluster, provider and client',
      },
      ...serveOptions.filter(({ name }) => name === 'authentication-config'),
    ],
    examples: ['oidc-gateway kubeconfig --config gateway.yaml > kubeconfig'],
    run: async (system, options) =>
      (await import('./kubeconfig.ts')).printKubeconfig(system, options),
  },
  {
    name: 'import',
    summary:
      'write a configuration that does what another gateway did, and say what was weak there',
    options: importOptions,
    argument: { name: '[files-or-flags...]', description: 'manifests, or flags after "--"' },
    examples: [
      'oidc-gateway import filter.yaml mapping.yaml > gateway.yaml',
      'oidc-gateway import --from=kube-oidc-proxy -- --oidc-issuer-url=https://sso.example.com --oidc-client-id=kubernetes',
    ],
    run: async (system, options, args) =>
      (await import('./import.ts')).importConfiguration(system, options, args),
  },
  {
    name: 'keycloak',
    summary:
      'make or repair realm, client and groups in Keycloak, and print the configuration for them',
    options: keycloakOptions,
    examples: [
      'oidc-gateway keycloak --url=https://sso.example.com --realm=demo --admin-user=admin',
      'oidc-gateway keycloak --url=https://sso.example.com --realm=demo --admin-user=admin \\\n      --test-user=john --group=developers --server=https://gateway.example.com --apply > gateway.yaml',
      'oidc-gateway keycloak --realm=demo --print > demo-realm.json',
    ],
    run: async (system, options) =>
      await (await import('./keycloak/keycloak.ts')).keycloak(system, options),
  },
  {
    name: 'version',
    summary: 'print the version',
    options: [
      {
        name: 'output',
        placeholder: 'format',
        choices: ['text', 'json'],
        byDefault: 'text',
        description: 'format',
      },
    ],
    examples: ['oidc-gateway version', 'oidc-gateway version --output=json'],
    run: async (system, options) => (await import('./version.ts')).printVersion(system, options),
  },
]
