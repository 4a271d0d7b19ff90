{{/* The specification of one training Job. */}}
{{- define "plumbline.trainingJob" -}}
{{- with .Values.training -}}
{{- if .queue }}
suspend: true
{{- end }}
backoffLimit: {{ int .backoffLimit }}
activeDeadlineSeconds: {{ int64 .activeDeadlineSeconds }}
ttlSecondsAfterFinished: {{ int64 .ttlSecondsAfterFinished }}
template:
  metadata:
    labels:
      app.kubernetes.io/name: {{ include "plumbline.name" $ }}
      app.kubernetes.io/instance: {{ $.Release.Name }}
      app.kubernetes.io/component: training
  spec:
    restartPolicy: Never
    serviceAccountName: {{ include "plumbline.serviceAccountName" $ }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    {{- with $.Values.imagePullSecrets }}
    imagePullSecrets:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.pod.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with include "plumbline.placing" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    containers:
      - name: training
        image: {{ include "plumbline.imageReference" (dict "repository" .image "tag" .tag "digest" .digest "version" $.Chart.AppVersion) | quote }}
        imagePullPolicy: {{ $.Values.image.pullPolicy }}
        args:
          {{- toYaml .args | nindent 10 }}
        env:
          - name: PLUMBLINE_JAVA_OPTS
            value: {{ .javaOptions | quote }}
          {{- with .env }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        resources:
          {{- include "plumbline.resources" (dict "resources" .resources "gpu" .gpu) | nindent 10 }}
        securityContext:
          {{- toYaml $.Values.agent.securityContext | nindent 10 }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
          - name: outputs
            mountPath: /outputs
          {{- if .inputClaim }}
          - name: inputs
            mountPath: /inputs
            readOnly: true
          {{- end }}
    volumes:
      - name: tmp
        emptyDir: {}
      - name: outputs
        persistentVolumeClaim:
          claimName: {{ default (printf "%s-outputs" (include "plumbline.fullname" $)) .output.claim }}
      {{- with .inputClaim }}
      - name: inputs
        persistentVolumeClaim:
          claimName: {{ . }}
          readOnly: true
      {{- end }}
{{- end -}}
{{- end -}}
