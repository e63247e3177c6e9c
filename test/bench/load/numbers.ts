/** Two digits that mean something: `0.094`, `4.0`, `1 800`. */
export function number(value: number): string {
  return value >= 100 ? round(value) : value.toPrecision(2)
}

/** The same without a fraction: `28 000`. */
export function round(value: number): string {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 1)
  return grouped(Math.round(value / size) * size)
}

/** A whole number, its thousands apart: `28 232`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ')
}
