/**
 * Waits until a figure does not grow any more: what can flow has flowed, and the buffers of all sockets
 * are full. Looking too early only makes the figure smaller.
 */
export async function stable(figure: () => number): Promise<void> {
  for (let before = -1; before !== figure(); ) {
    before = figure()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
