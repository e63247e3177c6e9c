/** A port of this computer at which nobody should knock. */
export interface ContactWatch {
  readonly port: number
  /** How many connections came so far. */
  contacts(): number
  close(): void
}

/** Watches a free loopback port; connections are counted and cut. */
export async function watchForContact(): Promise<ContactWatch> {
  const { createServer } = await import('node:net')
  let contacts = 0
  const server = createServer((socket) => {
    contacts += 1
    socket.on('error', () => undefined)
    socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    contacts: () => contacts,
    close: () => {
      server.close()
    },
  }
}
