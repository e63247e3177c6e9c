export { allChecks } from './all-checks.ts'
export type { Check, Discovery, DoctorContext, Finding, Verdict } from './check.ts'
export type { KubeconfigFacts, PluginCall } from './kubeconfig-facts.ts'
export { type NamedFinding, runChecks } from './run-checks.ts'
