{{- define "panoptes.labels" -}}
app.kubernetes.io/name: panoptes
app.kubernetes.io/part-of: panoptes
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "panoptes.selector" -}}
app.kubernetes.io/name: panoptes
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}
{{- define "panoptes.secret" -}}
{{ .Values.existingSecret | default "opmas-secrets" }}
{{- end }}
