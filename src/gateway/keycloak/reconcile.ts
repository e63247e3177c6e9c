import { OidcLoginError } from '../../errors.ts'
import type { Change, Item } from './items/index.ts'

/** What is to be done about an item; undefined when it is as it is wanted. */
export interface Planned {
  readonly item: Item
  readonly change: Change | undefined
}

/** Looks at everything, and changes nothing. */
export async function planFor(items: readonly Item[]): Promise<readonly Planned[]> {
  const planned: Planned[] = []
  for (const item of items) planned.push({ item, change: await item.look() })
  return planned
}

/**
 * Does what is planned about an item, unless it has come about by itself, and looks whether it is so now.
 *
 * @throws OidcLoginError `change_not_kept`, and those of the Admin API
 */
export async function carryOut(item: Item): Promise<void> {
  const change = await item.look()
  if (change === undefined) return
  await change.make()
  const left = await item.look()
  if (left === undefined) return
  const what = left.differences.map(({ path }) => path).join(', ')
  throw new OidcLoginError(
    'change_not_kept',
    `Keycloak took the change of the ${item.name}, but has not kept it${what && `: ${what}`}.`,
    {
      hint: 'Something else may be changing it, or this Keycloak is too old for it (26.7 was tried). Run it again.',
    },
  )
}
