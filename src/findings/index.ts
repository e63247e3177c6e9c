export {
  type Check,
  type Finding,
  failed,
  type NamedFinding,
  ok,
  skipped,
  type Verdict,
  warning,
} from './finding.ts'
export { type ReportOptions, reportFindings } from './report.ts'
