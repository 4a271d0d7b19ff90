{{/*
Where directions and models come from. A source is a map with one entry that names its kind; each gets a place number so
that free names need not be names of volumes.
*/}}

{{/* All sources as YAML: a list of {setting, place, kind, source}. */}}
{{- define "plumbline.sources" -}}
{{- $all := list -}}
{{- with .Values.direction -}}
{{- $all = append $all (dict "setting" "direction" "place" "direction" "source" .) -}}
{{- end -}}
{{- $number := 0 -}}
{{- range $name, $source := .Values.directions -}}
{{- $all = append $all (dict "setting" (printf "directions.%s" $name) "place" (printf "direction-%d" $number) "source" $source) -}}
{{- $number = add $number 1 -}}
{{- end -}}
{{- with .Values.model -}}
{{- $all = append $all (dict "setting" "model" "place" "model" "source" .) -}}
{{- end -}}
{{- dict "all" $all | toYaml -}}
{{- end -}}

{{/* The settings that name them. */}}
{{- define "plumbline.artefactSettings" -}}
{{- $settings := dict -}}
{{- range (include "plumbline.sources" . | fromYaml).all -}}
{{- $place := printf "/artefacts/%s" .place -}}
{{- $within := "" -}}
{{- range $kind, $source := .source -}}
{{- if eq $kind "url" -}}{{- $place = printf "%s/content" $place -}}{{- end -}}
{{- $within = default ($source.file) $source.path -}}
{{- end -}}
{{- $_ := set $settings .setting (ternary (printf "%s/%s" $place $within) $place (not (empty $within))) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{- define "plumbline.artefactVolumes" -}}
{{- range (include "plumbline.sources" . | fromYaml).all }}
- name: plumbline-{{ .place }}
  {{- range $kind, $source := .source }}
  {{- if eq $kind "configMap" }}
  configMap:
    name: {{ $source.name }}
  {{- else if eq $kind "secret" }}
  secret:
    secretName: {{ $source.name }}
  {{- else if eq $kind "persistentVolumeClaim" }}
  persistentVolumeClaim:
    claimName: {{ $source.claimName }}
    readOnly: true
  {{- else if eq $kind "image" }}
  image:
    reference: {{ $source.reference | quote }}
    pullPolicy: {{ default "IfNotPresent" $source.pullPolicy }}
  {{- else }}
  emptyDir: {}
  {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "plumbline.artefactMounts" -}}
{{- range (include "plumbline.sources" . | fromYaml).all }}
- name: plumbline-{{ .place }}
  mountPath: /artefacts/{{ .place }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* Containers that fetch, one for each URL; they end before the agent begins. */}}
{{- define "plumbline.fetchers" -}}
{{- $root := . -}}
{{- range (include "plumbline.sources" . | fromYaml).all }}
{{- $place := .place }}
{{- with .source.url }}
- name: plumbline-fetch-{{ $place }}
  image: {{ include "plumbline.image" $root | quote }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args:
    - artefact
    - fetch
    - --url
    - {{ .address | quote }}
    - --sha256
    - {{ .sha256 | quote }}
    - --to
    - /artefacts/{{ $place }}/content
    {{- with .file }}
    - --file
    - {{ . | quote }}
    {{- end }}
    {{- with .maxBytes }}
    - --max-bytes
    - {{ int64 . | quote }}
    {{- end }}
    {{- if .plainHttp }}
    - --plain-http
    {{- end }}
  env:
    - name: PLUMBLINE_JAVA_OPTS
      value: -Xmx128m
  resources:
    requests:
      cpu: 100m
      memory: 256Mi
  securityContext:
    {{- toYaml $root.Values.agent.securityContext | nindent 4 }}
  volumeMounts:
    - name: plumbline-{{ $place }}
      mountPath: /artefacts/{{ $place }}
    - name: plumbline-tmp
      mountPath: /tmp
{{- end }}
{{- end }}
{{- end -}}
