{{/* The agent's container. Takes "root", the chart's context, and "sidecar", true for one that starts before the model server. */}}
{{- define "plumbline.container" -}}
{{- $root := .root -}}
{{- with $root.Values -}}
- name: plumbline
  image: {{ include "plumbline.image" $root | quote }}
  imagePullPolicy: {{ .image.pullPolicy }}
  {{- if $.sidecar }}
  restartPolicy: Always
  {{- end }}
  args:
    - serve
    - --config
    - /etc/plumbline/agent.yaml
  env:
    - name: PLUMBLINE_JAVA_OPTS
      value: {{ .agent.javaOptions | quote }}
    {{- with .agent.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    - name: plumb-http
      containerPort: {{ int .agent.port }}
      protocol: TCP
    - name: plumb-admin
      containerPort: {{ int .agent.adminPort }}
      protocol: TCP
    {{- if int .agent.oipPort }}
    - name: plumb-oip
      containerPort: {{ int .agent.oipPort }}
      protocol: TCP
    {{- end }}
    {{- if .fleet.enabled }}
    - name: plumb-fleet
      containerPort: {{ int .fleet.port }}
      protocol: TCP
    {{- end }}
  startupProbe:
    {{- include "plumbline.probe" (dict "path" "/health/live" "agent" .agent "more" .agent.startupProbe) | nindent 4 }}
  readinessProbe:
    {{- include "plumbline.probe" (dict "path" "/health/ready" "agent" .agent "more" .agent.readinessProbe) | nindent 4 }}
  livenessProbe:
    {{- include "plumbline.probe" (dict "path" "/health/live" "agent" .agent "more" .agent.livenessProbe) | nindent 4 }}
  {{- if and (not $.sidecar) (int .agent.preStopSeconds) }}
  lifecycle:
    preStop:
      exec:
        command: [sleep, {{ int .agent.preStopSeconds | quote }}]
  {{- end }}
  resources:
    {{- include "plumbline.resources" (dict "resources" .agent.resources "gpu" .agent.gpu) | nindent 4 }}
  securityContext:
    {{- toYaml .agent.securityContext | nindent 4 }}
  volumeMounts:
    - name: plumbline-config
      mountPath: /etc/plumbline
      readOnly: true
    - name: plumbline-tmp
      mountPath: /tmp
    {{- if .agent.files }}
    - name: plumbline-files
      mountPath: /run/plumbline/files
      readOnly: true
    {{- end }}
    {{- if .agent.tls.secret }}
    - name: plumbline-tls
      mountPath: /run/plumbline/tls
      readOnly: true
    {{- end }}
    {{- if .agent.adminTls.secret }}
    - name: plumbline-admin-tls
      mountPath: /run/plumbline/admin-tls
      readOnly: true
    {{- end }}
    {{- if .origin.tls.caConfigMap }}
    - name: plumbline-origin-ca
      mountPath: /etc/plumbline-origin
      readOnly: true
    {{- end }}
    {{- if .origin.tls.secret }}
    - name: plumbline-origin-tls
      mountPath: /run/plumbline/origin-tls
      readOnly: true
    {{- end }}
    {{- if .trustedKeys.configMap }}
    - name: plumbline-keys
      mountPath: /etc/plumbline-keys
      readOnly: true
    {{- end }}
    {{- if .agent.tokens.secret }}
    - name: plumbline-tokens
      mountPath: /run/plumbline/tokens
      readOnly: true
    {{- end }}
    {{- if and .fleet.enabled .fleet.trustedKeys.configMap }}
    - name: plumbline-fleet-keys
      mountPath: /etc/plumbline-fleet
      readOnly: true
    {{- end }}
    {{- if .fleet.enabled }}
    - name: plumbline-fleet-state
      mountPath: /var/lib/plumbline/fleet
    {{- end }}
    {{- if and $.sidecar .modelServer.hiddenStates.path }}
    - name: plumbline-states
      mountPath: /states
    {{- end }}
    {{- with include "plumbline.artefactMounts" $root | trim }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "plumbline.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ int .agent.adminPort }}
  scheme: {{ ternary "HTTPS" "HTTP" (not (empty .agent.adminTls.secret)) }}
{{ toYaml .more }}
{{- end -}}

{{/* Resources with the devices among the limits, where such a resource must be. */}}
{{- define "plumbline.resources" -}}
{{- $resources := deepCopy .resources -}}
{{- if int .gpu.count -}}
{{- $limits := deepCopy (default dict $resources.limits) -}}
{{- $_ := set $limits .gpu.resource (toString .gpu.count) -}}
{{- $_ := set $resources "limits" $limits -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{/* The volumes of the agent's containers. */}}
{{- define "plumbline.volumes" -}}
- name: plumbline-config
  configMap:
    name: {{ include "plumbline.fullname" . }}
- name: plumbline-tmp
  emptyDir:
    sizeLimit: {{ .Values.agent.tmpSize | quote }}
{{- if .Values.agent.files }}
- name: plumbline-files
  projected:
    defaultMode: 0440
    sources:
      {{- range $name, $from := .Values.agent.files }}
      - {{ ternary "secret" "configMap" (hasKey $from "secret") }}:
          name: {{ default $from.configMap $from.secret }}
          items:
            - key: {{ $from.key }}
              path: {{ $name }}
      {{- end }}
{{- end }}
{{- with .Values.agent.tls.secret }}
- name: plumbline-tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.agent.adminTls.secret }}
- name: plumbline-admin-tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.origin.tls.caConfigMap }}
- name: plumbline-origin-ca
  configMap:
    name: {{ . }}
{{- end }}
{{- with .Values.origin.tls.secret }}
- name: plumbline-origin-tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.trustedKeys.configMap }}
- name: plumbline-keys
  configMap:
    name: {{ . }}
{{- end }}
{{- with .Values.agent.tokens.secret }}
- name: plumbline-tokens
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- if and .Values.fleet.enabled .Values.fleet.trustedKeys.configMap }}
- name: plumbline-fleet-keys
  configMap:
    name: {{ .Values.fleet.trustedKeys.configMap }}
{{- end }}
{{- if .Values.fleet.enabled }}
- name: plumbline-fleet-state
  emptyDir: {}
{{- end }}
{{- if and (eq .Values.mode "sidecar") .Values.modelServer.hiddenStates.path }}
- name: plumbline-states
  emptyDir:
    medium: Memory
    sizeLimit: {{ .Values.modelServer.hiddenStates.size | quote }}
{{- end }}
{{- include "plumbline.artefactVolumes" . }}
{{- end -}}

{{/* What a pod with an agent has in its annotations: it changes when a restart is needed. */}}
{{- define "plumbline.podAnnotations" -}}
plumbline.dev/settings: {{ include "plumbline.settingsChecksum" . }}
{{- end -}}
