#!/usr/bin/env node
// kubectl runs it to complete "kubectl oidc-login …", and expects cobra's protocol.
const args = ['__complete', ...process.argv.slice(2)]

import('../dist/main.js').then(({ main }) => main(args)).then(process.exit)
