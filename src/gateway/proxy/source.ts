/**
 * What is counted as one source: an IPv4 address, or the network of an IPv6 address, because whoever has
 * one has all 2^64 of them (rules G1, G3).
 *
 * @param address as Node writes it; anything else stands for itself
 */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last].slice(0, 4).join(':')
}
