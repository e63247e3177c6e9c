{{- /* Both documents, as the pod reads them. */}}
{{- define "oidc-gateway.configuration" -}}
{{- $gateway := deepCopy .Values.gateway -}}
{{- $_ := set $gateway "listen" (merge (dict
      "certFile" "/etc/oidc-gateway/tls/tls.crt"
      "keyFile" "/etc/oidc-gateway/tls/tls.key"
    ) ($gateway.listen | default dict)) -}}
{{- $upstream := merge ($gateway.upstream | default dict) (dict
      "server" "https://kubernetes.default.svc"
      "caFile" "/etc/oidc-gateway/kubernetes/ca.crt"
    ) -}}
{{- if or (eq .Values.credential "token") (ne .Values.renewal "gateway") -}}
{{- $upstream = omit $upstream "renewal" -}}
{{- end -}}
{{- if eq .Values.credential "token" -}}
{{- $_ := set $upstream "tokenFile" "/etc/oidc-gateway/kubernetes/token" -}}
{{- else -}}
{{- $_ := set $upstream "certFile" "/etc/oidc-gateway/kubernetes/tls.crt" -}}
{{- $_ := set $upstream "keyFile" "/etc/oidc-gateway/kubernetes/tls.key" -}}
{{- if eq .Values.renewal "gateway" -}}
{{- $secret := printf "%s/oidc-gateway-credential" .Release.Namespace -}}
{{- $_ := set $upstream "renewal" (merge (dict "secret" $secret) ($upstream.renewal | default dict)) -}}
{{- end -}}
{{- /* A person with the name of the gateway would have its rights. */ -}}
{{- $impersonation := $gateway.impersonation | default dict -}}
{{- $user := printf "oidc-gateway:%s:oidc-gateway" .Release.Namespace -}}
{{- $_ := set $impersonation "reservedUsers" (append ($impersonation.reservedUsers | default list) $user | uniq) -}}
{{- $_ := set $gateway "impersonation" $impersonation -}}
{{- end -}}
{{- $_ := set $gateway "upstream" $upstream -}}
{{- merge (dict "apiVersion" "oidc-gateway/v1alpha1" "kind" "GatewayConfiguration") $gateway | toYaml }}
---
{{ merge (dict "apiVersion" "apiserver.config.k8s.io/v1" "kind" "AuthenticationConfiguration") .Values.authentication | toYaml }}
{{- end }}

{{- define "oidc-gateway.port" -}}
{{ (.Values.gateway.listen | default dict).port | default 8443 }}
{{- end }}

{{- define "oidc-gateway.operations-port" -}}
{{ (.Values.gateway.operations | default dict).port | default 8080 }}
{{- end }}

{{- /* How long a pod may take to end: the drain, in whole seconds, and a little. */}}
{{- define "oidc-gateway.grace-seconds" -}}
{{- $operations := .Values.gateway.operations | default dict -}}
{{- $zero := toDate "2006-01-02" "2000-01-01" -}}
{{- $end := $zero | mustDateModify ($operations.drainDelay | default "5s") | mustDateModify ($operations.drainTimeout | default "5m") | mustDateModify "999ms" -}}
{{ add (sub (unixEpoch $end) (unixEpoch $zero)) 25 }}
{{- end }}

{{- /* Ports that it connects to, as JSON: names over TCP, the API server, and each provider. */}}
{{- define "oidc-gateway.ports" -}}
{{- $urls := list ((.Values.gateway.upstream | default dict).server | default "https://kubernetes.default.svc") -}}
{{- range .Values.authentication.jwt -}}
{{- $urls = concat $urls (list .issuer.url (.issuer.discoveryURL | default .issuer.url)) -}}
{{- end -}}
{{- $ports := list 53 443 6443 -}}
{{- range $urls -}}
{{- $ports = append $ports (regexFind "[0-9]+$" (regexFind ":[0-9]+$" (urlParse .).host) | default "443" | int) -}}
{{- end -}}
{{ $ports | uniq | toJson }}
{{- end }}
