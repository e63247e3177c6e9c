/** What `--help` prints. */
export const help = `npm run load -- [options]

Puts load on a gateway and tells what it costs: requests on connections that stay, connections as kubectl opens
them, watches that are silent, then all of it together. Without --gateway it starts one on this computer, with an
issuer and a stand-in for an API server.

  --users=100                    users, each with a token of his own
  --requests-per-second=200      on connections that stay
  --connections=20               that stay
  --connections-per-second=20    new ones with one request each; no TLS session is resumed
  --watches=500                  that are held open
  --opens-per-second=100         watches that are opened in a second
  --event-seconds=0              pause between two events (1 KB) of each watch of the stand-in; 0 for none
  --duration=10                  seconds for each phase
  --api-server=stand-in          or kube-apiserver: a real one, as the end-to-end tests find it
  --workers=1                    of the gateway that is started; auto is one a core

  --gateway=https://HOST:PORT    a gateway that runs already
  --ca=FILE                      certificate of its authority
  --token-file=FILE              tokens of its users, one a line
  --pid=PID                      its process, to measure what it takes on this computer
  --allow-remote                 needed when HOST is not this computer: ask its owner first

  --write                        nothing else counts: makes the load that docs/scaling.md is about, five minutes long, and
                                 writes the figures there

A rate of 0 leaves a phase out. Nothing waits for answers: what is late counts from the moment at which it was due.

Examples:
  npm run load                                           what a gateway costs, in a minute
  npm run load -- --watches=5000 --requests-per-second=0 --connections-per-second=0
  npm run load -- --gateway=https://localhost:8443 --ca=ca.crt --token-file=tokens --pid=$(pgrep -of oidc-gateway.js)
`
