/** How many questions are under way: enough to keep two cores busy. */
const width = 8

/** Asks about all items, a few at a time. @returns the answers in the order of the items */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly (readonly [Item, Answer])[]> {
  const answers: (readonly [Item, Answer])[] = []
  const rest = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) answers[index] = [item, await ask(item)]
  }
  await Promise.all(Array.from({ length: width }, work))
  return answers
}
