export type { CloseReason, Exchange, ExchangeObserver } from './exchange.ts'
