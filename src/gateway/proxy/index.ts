export type { Admission } from './desk.ts'
export type { CloseReason, Exchange, ExchangeObserver } from './exchange.ts'
export type { ServingCertificate } from './listener.ts'
export { createProxy, type GatewayProxy, type ProxyOptions } from './proxy.ts'
