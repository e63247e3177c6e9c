/**
 * Reads a tunnel as fast as it comes, in a process of its own, and writes how many megabytes came in a second.
 *
 *   node --import tsx tunnel-program.ts <port> <certificate of the authority> <file with the token> <seconds>
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { askToSwitch } from './tunnel.ts'

const [port = '', caFile = '', tokenFile = '', seconds = ''] = process.argv.slice(2)
const socket = connect({
  host: '127.0.0.1',
  servername: 'localhost',
  port: Number(port),
  ca: readFileSync(caFile),
})
socket.write(askToSwitch(readFileSync(tokenFile, 'utf8')))
const head = await new Promise<Buffer>((done, fail) => {
  socket.once('data', done).once('error', fail)
})
if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error('it did not switch')

let bytes = 0
socket.on('data', (data: Buffer) => {
  bytes += data.length
})
const startedAt = performance.now()
await sleep(Number(seconds) * 1000)
console.log(bytes / 1e6 / ((performance.now() - startedAt) / 1000))
process.exit(0)
