#!/usr/bin/env node
// kubectl runs it to complete "kubectl oidc-login …", and expects cobra's protocol.
import { main } from '../dist/main.js'

process.exit(await main(['__complete', ...process.argv.slice(2)]))
