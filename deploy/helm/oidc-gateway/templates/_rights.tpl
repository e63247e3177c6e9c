{{- /* How the API server lets the gateway impersonate. */}}
{{- define "oidc-gateway.mode" -}}
{{- if ne .Values.impersonation "auto" -}}
{{ .Values.impersonation }}
{{- else if semverCompare ">=1.36.0-0" .Capabilities.KubeVersion.Version -}}
constrained
{{- else -}}
classic
{{- end -}}
{{- end }}

{{- /* Whether a provider gives users a uid; empty for no. */}}
{{- define "oidc-gateway.has-uid" -}}
{{- range .Values.authentication.jwt -}}
{{- if .claimMappings.uid }}true{{ end -}}
{{- end -}}
{{- end }}

{{- /* Whether "kubectl --as" is decided by the API server; empty for no. */}}
{{- define "oidc-gateway.is-reviewed" -}}
{{- if eq ((.Values.gateway.impersonation | default dict).nested | default "deny") "review" }}true{{ end -}}
{{- end }}

{{- /* Keys of "extra" that users can have, as JSON. */}}
{{- define "oidc-gateway.extra-keys" -}}
{{- $keys := list -}}
{{- range .Values.authentication.jwt -}}
{{- range .claimMappings.extra -}}
{{- $keys = append $keys .key -}}
{{- end -}}
{{- end -}}
{{- if (.Values.gateway.impersonation | default dict).sendCredentialId -}}
{{- $keys = append $keys "authentication.kubernetes.io/credential-id" -}}
{{- end -}}
{{- if include "oidc-gateway.is-reviewed" . -}}
{{- $keys = append $keys "oidc-gateway/original-user" -}}
{{- end -}}
{{ $keys | uniq | toJson }}
{{- end }}
