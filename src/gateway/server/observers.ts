import type { ExchangeObserver } from '../proxy/index.ts'

/** Tells several observers of each exchange, in their order. */
export function everyone(observers: readonly ExchangeObserver[]): ExchangeObserver {
  return {
    started(exchange) {
      for (const observer of observers) observer.started(exchange)
    },
    answered(exchange) {
      for (const observer of observers) observer.answered?.(exchange)
    },
    ended(exchange) {
      for (const observer of observers) observer.ended(exchange)
    },
  }
}
