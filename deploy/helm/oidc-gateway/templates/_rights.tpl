{{- /*
How the API server lets the gateway impersonate. Where no cluster is asked, Helm makes a version up, and the
weaker rights would be granted without a word; every cluster has the group by which that is seen.
*/}}
{{- define "oidc-gateway.mode" -}}
{{- if ne .Values.impersonation "auto" -}}
{{ .Values.impersonation }}
{{- else if not (.Capabilities.APIVersions.Has "apiregistration.k8s.io/v1") -}}
{{- fail "impersonation: \"auto\" asks the cluster, and there is none here. Say \"constrained\" (Kubernetes 1.36 and newer) or \"classic\"; or give both --kube-version and --api-versions=apiregistration.k8s.io/v1." -}}
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
