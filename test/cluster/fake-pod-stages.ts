const pod = { apiGroup: 'v1', kind: 'Pod' } as const
const isBeingDeleted = '.metadata.deletionTimestamp'

/** kwok looks after pods of such nodes only that a stage is there for; this one changes nothing. */
export const nodeKnown: object = {
  resourceRef: { apiGroup: 'v1', kind: 'Node' },
  selector: { matchExpressions: [{ key: '.status.phase', operator: 'In', values: ['Never'] }] },
  next: { statusTemplate: 'phase: Never' },
}

/** A pod that is bound runs, and is ready, at once. */
export const podReady: object = {
  resourceRef: pod,
  selector: {
    matchExpressions: [
      { key: isBeingDeleted, operator: 'DoesNotExist' },
      { key: '.status.phase', operator: 'In', values: ['Pending'] },
    ],
  },
  next: {
    statusTemplate: `
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- type: {{ $type }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
hostIP: 127.0.0.1
podIP: 127.0.0.1
podIPs:
- ip: 127.0.0.1
`,
  },
}

/** A pod that is deleted is gone at once. */
export const podRemoved: object = {
  resourceRef: pod,
  selector: { matchExpressions: [{ key: isBeingDeleted, operator: 'Exists' }] },
  next: { delete: true },
}
