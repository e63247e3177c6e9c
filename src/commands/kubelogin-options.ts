import type { OptionSpec } from './option-spec.ts'

/**
 * Options of int128/kubelogin that its kubeconfigs may hold and that nobody needs here. They are taken
 * so that such a kubeconfig works, and are not shown.
 */
export const kubeloginOptions: readonly OptionSpec[] = [
  hidden('oidc-use-pkce', 'flag', 'the older spelling of --oidc-pkce-method=S256'),
]

/** Options of klog, the logging library of int128/kubelogin: where its trace goes, and how it looks. */
export const klogOptions: readonly OptionSpec[] = [
  ...['add_dir_header', 'alsologtostderr', 'logtostderr', 'one_output'].map(klogFlag),
  ...['legacy_stderr_threshold_behavior', 'skip_headers', 'skip_log_headers'].map(klogFlag),
  ...['log_backtrace_at', 'log_dir', 'log_file', 'log_file_max_size'].map(klogText),
  ...['alsologtostderrthreshold', 'stderrthreshold', 'vmodule'].map(klogText),
]

function klogFlag(name: string): OptionSpec {
  return hidden(name, 'flag', 'nothing: the trace of -v goes to stderr')
}

function klogText(name: string): OptionSpec {
  return hidden(name, 'text', 'nothing: the trace of -v goes to stderr')
}

function hidden(name: string, kind: 'flag' | 'text', description: string): OptionSpec {
  return { name, kind, description, group: 'Other:', isHidden: true }
}
