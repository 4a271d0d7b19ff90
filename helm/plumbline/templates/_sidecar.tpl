{{/*
For charts that run a model server and take the agent in. With this chart as a dependency, in the pod's template:

  metadata:
    labels:
      {{- include "plumbline.sidecar.labels" .Subcharts.plumbline | nindent 8 }}
    annotations:
      {{- include "plumbline.sidecar.annotations" .Subcharts.plumbline | nindent 8 }}
  spec:
    initContainers:
      {{- include "plumbline.sidecar" .Subcharts.plumbline | nindent 8 }}
    containers: the model server, listening on modelServer.port
    volumes:
      {{- include "plumbline.sidecar.volumes" .Subcharts.plumbline | nindent 8 }}
*/}}

{{/* Init containers: those that fetch, then the agent, which goes on running (restartPolicy Always) and ends after the model server. */}}
{{- define "plumbline.sidecar" -}}
{{- with include "plumbline.fetchers" . | trim }}
{{- . }}
{{ end }}
{{- include "plumbline.container" (dict "root" . "sidecar" true) }}
{{- end -}}

{{- define "plumbline.sidecar.volumes" -}}
{{- include "plumbline.volumes" . }}
{{- end -}}

{{- define "plumbline.sidecar.labels" -}}
{{- include "plumbline.podSelector" . }}
{{- end -}}

{{- define "plumbline.sidecar.annotations" -}}
{{- include "plumbline.podAnnotations" . }}
{{- end -}}
