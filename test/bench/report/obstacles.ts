import type { GoalId } from './goals.ts'

/**
 * What stands between us and an aim, and what it would take, by somebody who looked. The page shows it where the run did not
 * reach the aim.
 */
export const obstacles: Readonly<Partial<Record<GoalId, string>>> = {
  'after-redirect':
    "Nearly half of our time is the provider's answer to the code, which kubelogin waits for as well, and more than a millisecond passes before the connection of the browser is there. The rest is JavaScript that runs once: the callback, the request, the verification of the tokens. It is kept warm while the person is in the browser, and the session is kept after the credential has been printed. What is left of the JavaScript waits for memory that the other processes have taken out of the processor's caches, so that runs differ by a twentieth either way. A quicker client for HTTP, Bun's own, would repeat a request that carries a code.",
  'cached-executable':
    'An empty Bun program takes nine tenths of what kubelogin takes; the file is read by system calls, because the standard library of Bun takes longer than all that is ours. It would take a smaller runtime for the start.',
  'requests-nginx':
    "Two TLS sockets with nothing in between cost as much processor time a request in Node.js as nginx takes for everything. The rest is the answer's head read and both heads written, the decision, an audit line and the metrics; header lines that a connection brought before are not read again, and the row with new ones in each request tells what that is worth. On two cores the gateway, wrk and the server behind it keep taking each other's place in its caches, and no function of ours is above a fortieth. Node.js 24, which the image has, brings a tenth more. It would take a data path that is not JavaScript.",
  'requests-kube-oidc-proxy':
    'The same as with nginx: the floor of two TLS sockets in Node.js. More processes do not change the ratio, since kube-oidc-proxy uses all cores as well.',
  'added-latency':
    'One request at a time finds everything cold: each of its two hops wakes a process, and Node.js does more than nginx between waking and writing. The figure tells more of the machine than others do: where waking takes long, nginx adds as much of it, and the gateway about twice as much as nginx; where it is quick, nginx adds a few hundredths of a millisecond, and Node.js several times that.',
  'new-connections':
    'A TLS handshake in Node.js costs about twice what it costs nginx, before any HTTP: each connection gets its objects in C++ and in JavaScript.',
  'watch-memory':
    'A TLS connection takes about 40 KB in Node.js, most of it in OpenSSL and in buffers between it and the socket; connections to the API server are shared already. The rest are the streams of Node.js and the objects of a request that lasts. The aim would take TLS that is not OpenSSL, or one that gives its buffers back.',
  'exec-throughput':
    'Every byte is decrypted and encrypted once more, on the two cores that kubectl, the API server and the pod work on as well, and passes JavaScript in pieces of 16 KB, which leave in one write a turn. It would take a splice of two TLS sockets below JavaScript, or a third core.',
  'idle-memory':
    'Node.js itself takes 41 MB; the rest is the code of the gateway and its libraries, and what was thrown away while they were loaded.',
  'kubectl-get':
    'kubectl itself and the API server are nine tenths of the figure; what is left is the start of the plugin.',
}
