// Run by the runtime of the executables. Listens on the host that its argument names, prints the port, and tells each visitor what the
// kernel, asked about that connection alone, says of it. Ends when its stdin does.
import { createServer } from 'node:net'
import { askKernel } from '../../src/system/netlink.ts'
import { isCertainlyKnown } from '../../src/system/peer-user.ts'

const known = new Set([process.getuid?.()])
const server = createServer((socket) => {
  socket.end(isCertainlyKnown(askKernel, socket, known) ? 'known' : 'not known')
})
server.listen(0, process.argv[2], () => {
  process.stdout.write(`${Object(server.address()).port}\n`)
})
process.stdin.resume().once('end', () => process.exit(0))
