{{/* The agent's configuration file. */}}

{{/* Puts the leaves of a map into "out" under dotted keys. */}}
{{- define "plumbline.flatten" -}}
{{- range $key, $value := .map -}}
{{- $dotted := printf "%s%s" $.prefix $key -}}
{{- if kindIs "map" $value -}}
{{- include "plumbline.flatten" (dict "prefix" (printf "%s." $dotted) "map" $value "out" $.out) -}}
{{- else if kindIs "slice" $value -}}
{{- fail (printf "agent.settings.%s: wanted one value, found a list; write the list as a text with commas" $dotted) -}}
{{- else if has $dotted (keys $.out) -}}
{{- fail (printf "agent.settings.%s: wanted it once, found it nested and dotted; leave one out" $dotted) -}}
{{- else -}}
{{- $_ := set $.out $dotted $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the chart itself says, as YAML of dotted keys. */}}
{{- define "plumbline.madeSettings" -}}
{{- $made := dict
      "host" .Values.agent.bind "port" (int .Values.agent.port)
      "admin.host" .Values.agent.bind "admin.port" (int .Values.agent.adminPort)
      "shutdown.deadline" (printf "%ds" (int .Values.agent.shutdownSeconds))
      "reload.watch" .Values.agent.followConfig -}}
{{- if eq .Values.mode "sidecar" -}}
{{- $_ := set $made "origin.url" (printf "http://127.0.0.1:%d" (int .Values.modelServer.port)) -}}
{{- if int .Values.modelServer.grpcPort -}}
{{- $_ := set $made "origin.grpc-url" (printf "http://127.0.0.1:%d" (int .Values.modelServer.grpcPort)) -}}
{{- end -}}
{{- with .Values.modelServer.hiddenStates.path -}}
{{- $_ := set $made "states.directory" "/states" -}}
{{- $_ := set $made "states.served-directory" . -}}
{{- end -}}
{{- else -}}
{{- with .Values.origin.url -}}{{- $_ := set $made "origin.url" . -}}{{- end -}}
{{- with .Values.origin.grpcUrl -}}{{- $_ := set $made "origin.grpc-url" . -}}{{- end -}}
{{- end -}}
{{- if .Values.agent.tls.secret -}}
{{- $_ := set $made "tls.certificate" "/run/plumbline/tls/tls.crt" -}}
{{- $_ := set $made "tls.key" "/run/plumbline/tls/tls.key" -}}
{{- end -}}
{{- if int .Values.agent.oipPort -}}
{{- $_ := set $made "oip.host" .Values.agent.bind -}}
{{- $_ := set $made "oip.port" (int .Values.agent.oipPort) -}}
{{- end -}}
{{- if .Values.agent.adminTls.secret -}}
{{- $_ := set $made "admin.tls.certificate" "/run/plumbline/admin-tls/tls.crt" -}}
{{- $_ := set $made "admin.tls.key" "/run/plumbline/admin-tls/tls.key" -}}
{{- end -}}
{{- if .Values.origin.tls.caConfigMap -}}
{{- $_ := set $made "origin.tls.ca" "/etc/plumbline-origin/ca.crt" -}}
{{- end -}}
{{- if .Values.origin.tls.secret -}}
{{- $_ := set $made "origin.tls.certificate" "/run/plumbline/origin-tls/tls.crt" -}}
{{- $_ := set $made "origin.tls.key" "/run/plumbline/origin-tls/tls.key" -}}
{{- end -}}
{{- if .Values.trustedKeys.files -}}
{{- $keys := list -}}
{{- range .Values.trustedKeys.files -}}{{- $keys = append $keys (printf "/etc/plumbline-keys/%s" .) -}}{{- end -}}
{{- $_ := set $made "direction.trusted-keys" (join "," $keys) -}}
{{- end -}}
{{- if .Values.agent.tokens.secret -}}
{{- $_ := set $made "admin.read-token-file" "/run/plumbline/tokens/read" -}}
{{- $_ := set $made "admin.operate-token-file" "/run/plumbline/tokens/operate" -}}
{{- else -}}
{{- $_ := set $made "admin.insecure" true -}}
{{- end -}}
{{- with .Values.fleet -}}
{{- if .enabled -}}
{{- $_ := set $made "fleet.enabled" true -}}
{{- $_ := set $made "fleet.name" .name -}}
{{- $_ := set $made "fleet.host" $.Values.agent.bind -}}
{{- $_ := set $made "fleet.port" (int .port) -}}
{{- $_ := set $made "fleet.state" "/var/lib/plumbline/fleet" -}}
{{- $_ := set $made "fleet.service-dns" (printf "%s-fleet.%s.svc.%s" (include "plumbline.fullname" $) $.Release.Namespace .clusterDomain) -}}
{{- $replicas := ternary $.Values.autoscaling.minReplicas $.Values.pod.replicas $.Values.autoscaling.enabled -}}
{{- $_ := set $made "fleet.expected-members" (int (default $replicas (int .expectedMembers))) -}}
{{- if .trustedKeys.files -}}
{{- $keys := list -}}
{{- range .trustedKeys.files -}}{{- $keys = append $keys (printf "/etc/plumbline-fleet/%s" .) -}}{{- end -}}
{{- $_ := set $made "fleet.trusted-keys" (join "," $keys) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $place := include "plumbline.artefactSettings" . | fromYaml -}}
{{- $_ := set $made $key $place -}}
{{- end -}}
{{- toYaml $made -}}
{{- end -}}

{{/*
All settings as YAML of dotted keys. JSON scalars, since a template would print a large integer as 2.7e+08.
*/}}
{{- define "plumbline.settings" -}}
{{- $all := dict -}}
{{- include "plumbline.flatten" (dict "prefix" "" "map" .Values.agent.settings "out" $all) -}}
{{- range $key, $value := include "plumbline.madeSettings" . | fromYaml -}}
{{- if hasKey $all $key -}}
{{- fail (printf "agent.settings.%s: wanted it left out, found %v; the chart makes it from its own values, see its README" $key (get $all $key)) -}}
{{- end -}}
{{- $_ := set $all $key $value -}}
{{- end -}}
{{- range $key, $value := $all }}
{{ $key }}: {{ toJson $value }}
{{- end }}
{{- end -}}

{{/* Changes exactly when a running agent cannot take the new settings up by itself. */}}
{{- define "plumbline.settingsChecksum" -}}
{{- $settings := include "plumbline.settings" . | fromYaml -}}
{{- $kept := dict -}}
{{- range $key, $value := $settings -}}
{{- $live := false -}}
{{- range $.Files.Lines "files/live-settings.txt" -}}
{{- if and . (regexMatch (printf "^%s$" .) $key) -}}{{- $live = true -}}{{- end -}}
{{- end -}}
{{- if not (and $live $.Values.agent.followConfig) -}}{{- $_ := set $kept $key $value -}}{{- end -}}
{{- end -}}
{{- $kept | toJson | sha256sum -}}
{{- end -}}

{{/* Mistakes that the schema cannot see. */}}
{{- define "plumbline.checks" -}}
{{- $deadline := add (int .Values.agent.shutdownSeconds) (ternary (int .Values.agent.preStopSeconds) 0 (eq .Values.mode "standalone")) -}}
{{- if le (int .Values.pod.terminationGracePeriodSeconds) (int $deadline) -}}
{{- fail (printf "pod.terminationGracePeriodSeconds: wanted more than agent.shutdownSeconds and, standalone, agent.preStopSeconds (%d), found %d; answers under way would be cut" (int $deadline) (int .Values.pod.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- range $name, $keys := dict "fleet.trustedKeys" .Values.fleet.trustedKeys "trustedKeys" .Values.trustedKeys -}}
{{- if ne (empty $keys.configMap) (empty $keys.files) -}}
{{- fail (printf "%s: wanted configMap and files, found one of them; say which of its entries count" $name) -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.mode "standalone" -}}
{{- if not (or .Values.origin.url .Values.model .Values.agent.settings) -}}
{{- fail "origin.url: wanted the server to stand before, found none; name it, or give the agent a model to serve" -}}
{{- end -}}
{{- if and .Values.origin.url .Values.networkPolicy.enabled .Values.networkPolicy.restrictEgress (not .Values.networkPolicy.egress) -}}
{{- fail "networkPolicy.egress: wanted a rule to the origin, found none beside restrictEgress; the agent would reach DNS and nothing else" -}}
{{- end -}}
{{- if .Values.modelServer.enabled -}}
{{- fail "modelServer.enabled: wanted mode sidecar, found standalone; the agent is beside a model server in one pod, or alone" -}}
{{- end -}}
{{- if .Values.sidecar.injection.enabled -}}
{{- fail "sidecar.injection.enabled: wanted mode sidecar, found standalone; choose one" -}}
{{- end -}}
{{- else -}}
{{- range $name := list "serviceMonitor" "podDisruptionBudget" "autoscaling" -}}
{{- if (get $.Values $name).enabled -}}
{{- fail (printf "%s.enabled: wanted mode standalone, found sidecar; %s" $name (ternary "use podMonitor" "it is for who runs the model server to decide" (eq $name "serviceMonitor"))) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.modelServer.enabled (not .Values.modelServer.image) -}}
{{- fail "modelServer.image: wanted the model server's image, found none; name it" -}}
{{- end -}}
{{- if .Values.origin.url -}}
{{- fail "origin.url: wanted mode standalone, found sidecar, whose origin is modelServer.port in the same pod; leave it out" -}}
{{- end -}}
{{- end -}}
{{- end -}}
