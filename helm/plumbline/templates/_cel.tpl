{{/*
A YAML value as a CEL expression, for policies that put objects into others. Maps become typed objects, since CEL there wants
maps of one type of value; those whose keys are free stay maps, of strings. Takes "value" and "path", the type's.
*/}}
{{- define "plumbline.cel" -}}
{{- $path := .path -}}
{{- if kindIs "map" .value -}}
{{- $entries := list -}}
{{- if has (base (replace "." "/" $path)) (list "limits" "requests" "labels" "annotations" "matchLabels" "nodeSelector") -}}
{{- range $key, $value := .value -}}
{{- $entries = append $entries (printf "%s: %s" (toJson $key) (toJson (toString $value))) -}}
{{- end -}}
{{- printf "{%s}" (join ", " $entries) -}}
{{- else -}}
{{- range $key, $value := .value -}}
{{- $entries = append $entries (printf "%s: %s" $key (include "plumbline.cel" (dict "value" $value "path" (printf "%s.%s" $path $key)))) -}}
{{- end -}}
{{- printf "%s{%s}" $path (join ", " $entries) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- $entries := list -}}
{{- range .value -}}
{{- $entries = append $entries (include "plumbline.cel" (dict "value" . "path" $path)) -}}
{{- end -}}
{{- printf "[%s]" (join ", " $entries) -}}
{{- else if or (kindIs "float64" .value) (kindIs "int64" .value) (kindIs "int" .value) -}}
{{- int64 .value -}}
{{- else -}}
{{- toJson .value -}}
{{- end -}}
{{- end -}}
