/** Lets so many through at a time; the others wait in their order. */
export interface Gate {
  /**
   * @param signal gives up waiting
   * @throws the signal's reason
   */
  enter(signal: AbortSignal): Promise<void>
  leave(): void
}

/** Makes a gate through which at most `places` go at a time. */
export function createGate(places: number): Gate {
  const waiting = new Set<() => void>()
  let free = places
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return
      }
      await new Promise<void>((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = (): void => {
          waiting.delete(enter)
          reject(signal.reason)
        }
        waiting.add(enter)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    leave() {
      const [next] = waiting
      if (next) {
        waiting.delete(next)
        next()
      } else {
        free += 1
      }
    },
  }
}
