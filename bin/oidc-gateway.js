#!/usr/bin/env node
const args = process.argv.slice(2)

import('../dist/gateway/main.js').then(({ main }) => main(args)).then(process.exit)
