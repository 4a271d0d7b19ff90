{{/* The model server's container. Takes modelServer. */}}
{{- define "plumbline.modelServer" -}}
- name: {{ .name }}
  image: {{ .image | quote }}
  imagePullPolicy: {{ .pullPolicy }}
  {{- with .command }}
  command:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .args }}
  args:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .env }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ports:
    - name: model
      containerPort: {{ int .port }}
      protocol: TCP
    {{- if int .grpcPort }}
    - name: model-grpc
      containerPort: {{ int .grpcPort }}
      protocol: TCP
    {{- end }}
  {{- range $probe := list "startupProbe" "readinessProbe" "livenessProbe" }}
  {{- with get $ $probe }}
  {{ $probe }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with .lifecycle }}
  lifecycle:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if or .volumeMounts .sharedMemory .hiddenStates.path }}
  volumeMounts:
    {{- if .sharedMemory }}
    - name: model-server-shm
      mountPath: /dev/shm
    {{- end }}
    {{- with .hiddenStates.path }}
    - name: plumbline-states
      mountPath: {{ . }}
    {{- end }}
    {{- with .volumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end -}}
