/** A defect of kubectl in its dealings with credential plugins. */
export interface KubectlDefect {
  /** Where it is told: repository and number. */
  readonly issue: string
  /** What it does: a clause. */
  readonly what: string
  /** The first patch without it of each minor version, the oldest first; newer ones are without it. */
  readonly fixedIn: readonly (readonly [minor: number, patch: number])[]
}

/** Those that are known, as the change logs of Kubernetes tell. */
const known: readonly KubectlDefect[] = [
  {
    issue: 'kubernetes/kubernetes#98451',
    what: 'gives the plugin the input that is piped into it whenever its output is a terminal ("kubectl apply -f -")',
    fixedIn: [[21, 0]],
  },
  {
    issue: 'kubernetes/kubernetes#111911',
    what: 'opens a connection for every object, until no port is left, when "apply" or "describe" handles many',
    fixedIn: [
      [22, 14],
      [23, 11],
      [24, 5],
      [25, 1],
    ],
  },
]

/** The known defects of kubectl 1.`minor`.`patch`. */
export function defectsOf(minor: number, patch: number): KubectlDefect[] {
  return known.filter(({ fixedIn }) => {
    const fix = fixedIn.find(([one]) => one === minor)
    return fix ? patch < fix[1] : minor < (fixedIn[0]?.[0] ?? 0)
  })
}
