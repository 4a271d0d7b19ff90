{{/* Names, labels and selectors. */}}

{{- define "plumbline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for the endings that are put behind it. */}}
{{- define "plumbline.fullname" -}}
{{- $name := include "plumbline.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "plumbline.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/name: {{ include "plumbline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Whether the chart has pods of its own with an agent in them. */}}
{{- define "plumbline.ownPods" -}}
{{- if or (eq .Values.mode "standalone") .Values.modelServer.enabled -}}true{{- end -}}
{{- end -}}

{{/* The labels by which pods with an agent are found, its own or another chart's. */}}
{{- define "plumbline.podSelector" -}}
{{- if include "plumbline.ownPods" . -}}
app.kubernetes.io/name: {{ include "plumbline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: agent
{{- else if .Values.sidecar.podLabels -}}
{{ toYaml .Values.sidecar.podLabels }}
{{- else -}}
plumbline.dev/sidecar: {{ include "plumbline.fullname" . }}
{{- end -}}
{{- end -}}

{{/* How scrapers reach the admin port. */}}
{{- define "plumbline.scrape" -}}
{{- with .Values.agent.adminTls.secret }}
scheme: https
tlsConfig:
  ca:
    secret:
      name: {{ . }}
      key: ca.crt
  serverName: {{ default (printf "%s-admin" (include "plumbline.fullname" $)) $.Values.agent.adminTls.serverName }}
{{- end }}
{{- with .Values.agent.tokens.secret }}
authorization:
  type: Bearer
  credentials:
    name: {{ . }}
    key: read
{{- end }}
{{- end -}}

{{- define "plumbline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "plumbline.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Takes repository, tag, digest and the chart's version. */}}
{{- define "plumbline.imageReference" -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default .version .tag | toString) -}}
{{- end -}}
{{- end -}}

{{- define "plumbline.image" -}}
{{- $image := .Values.image -}}
{{- include "plumbline.imageReference" (dict "repository" $image.repository "tag" $image.tag "digest" $image.digest "version" .Chart.AppVersion) -}}
{{- end -}}
