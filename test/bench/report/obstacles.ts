import type { GoalId } from './goals.ts'

/**
 * What stands between us and an aim, and what it would take, by somebody who looked. The page shows it where the run did not
 * reach the aim.
 */
export const obstacles: Readonly<Partial<Record<GoalId, string>>> = {
  'after-redirect':
    "A third of our time and more is the provider's answer to the code, which kubelogin waits for as well. As much again, on a busy computer more, is the walk of the kernel through its table of connections (`/proc/net/tcp`), by which another user of the computer is kept from answering a sign-in; kubelogin does not look. The rest is JavaScript that has run only once, in a rehearsal, and the file of the session. It would take a question to the kernel about one connection alone (netlink `sock_diag`), which needs native code, or exchanging the code before it is known whose it is, and then still waiting for the person when it was a stranger's.",
  'kubectl-get':
    'kubectl itself and the API server are nine tenths of the figure; what is left is the start of the plugin.',
}
