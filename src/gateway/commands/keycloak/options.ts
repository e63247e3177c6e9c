import type { GatewayOption } from '../command-spec.ts'

/** Options of `keycloak`. */
export const keycloakOptions: readonly GatewayOption[] = [
  {
    name: 'url',
    placeholder: 'url',
    description: 'Keycloak, what stands before /realms/… in its addresses',
  },
  {
    name: 'realm',
    placeholder: 'name',
    description: 'the realm; one that exists keeps its settings',
  },
  {
    name: 'client-id',
    placeholder: 'id',
    byDefault: 'kubernetes',
    description: 'the public client that the plugin uses',
  },
  {
    name: 'redirect-uri',
    placeholder: 'uri',
    isRepeatable: true,
    description:
      'redirect URI beside those of the plugin, which are the ports 8000 and 18000 of localhost and 127.0.0.1',
  },
  {
    name: 'device-grant',
    description: 'let the client use device codes, for SSH and containers',
  },
  {
    name: 'password-grant',
    description: 'let the client hand over passwords, for --username of the plugin',
  },
  {
    name: 'full-group-path',
    description:
      'tell groups as /team/admins and not as admins; needed where others may make subgroups',
  },
  {
    name: 'group',
    placeholder: 'name',
    isRepeatable: true,
    description: 'a group that is to be there',
  },
  {
    name: 'test-user',
    placeholder: 'name',
    description:
      'a user to try the sign-in with, a member of these groups; one that exists keeps everything else',
  },
  {
    name: 'test-user-password-file',
    placeholder: 'file',
    description:
      'password of a new test user; or the variable OIDC_GATEWAY_TEST_USER_PASSWORD, or it is asked for',
  },
  {
    name: 'admin-user',
    placeholder: 'name',
    description: 'administrator of Keycloak who signs in with a password',
  },
  {
    name: 'admin-password-file',
    placeholder: 'file',
    description: 'the password; or the variable OIDC_GATEWAY_ADMIN_PASSWORD, or it is asked for',
  },
  {
    name: 'admin-client',
    placeholder: 'id',
    description:
      'client with a service account that administers; without both, the variable OIDC_GATEWAY_ADMIN_TOKEN holds an access token',
  },
  {
    name: 'admin-client-secret-file',
    placeholder: 'file',
    description: 'its secret; or the variable OIDC_GATEWAY_ADMIN_CLIENT_SECRET',
  },
  {
    name: 'admin-realm',
    placeholder: 'name',
    byDefault: 'master',
    description: 'the realm in which the administrator is at home',
  },
  {
    name: 'certificate-authority',
    placeholder: 'file',
    description: "authority of Keycloak's certificate, beside those of the system",
  },
  {
    name: 'username-claim',
    placeholder: 'claim',
    choices: ['sub', 'preferred_username'],
    byDefault: 'sub',
    description: 'what names people in the configuration that is printed',
  },
  {
    name: 'prefix',
    placeholder: 'text',
    byDefault: 'oidc:',
    description: 'what stands before names and groups there; "-" for nothing',
  },
  {
    name: 'server',
    placeholder: 'url',
    description: 'where people find the gateway, for the configuration',
  },
  { name: 'apply', description: 'do it; without, it is only shown what would be done' },
  {
    name: 'print',
    description: 'print the realm as JSON for "kc.sh import", and ask nobody',
  },
]
