/** Whom a gateway believes. */
export interface TrustedIssuer {
  /** Its URL. */
  readonly issuer: string
  /** Certificate of the authority that vouches for it, PEM. */
  readonly certPem: string
  /** `claimMappings` in YAML's flow style; by default name and groups as the issuer tells them. */
  readonly claimMappings?: string
}

const asTold =
  '{username: {claim: preferred_username, prefix: ""}, groups: {claim: groups, prefix: ""}}'

/** The AuthenticationConfiguration of a gateway that believes one issuer, for the client `kubernetes`. */
export function authenticationYaml(trusted: TrustedIssuer): string {
  return `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
${issuerYaml(trusted)}`
}

/** An entry of `jwt` for one more issuer. */
export function issuerYaml({ issuer, certPem, claimMappings = asTold }: TrustedIssuer): string {
  return `- issuer:
    url: ${issuer}
    audiences: [kubernetes]
    certificateAuthority: ${JSON.stringify(certPem)}
  claimMappings: ${claimMappings}
`
}
