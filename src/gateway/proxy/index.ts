export type { ConnectionRefusal, OnConnectionRefused } from './connections.ts'
export type { CloseReason, Exchange, ExchangeObserver } from './exchange.ts'
export { createProxy, type GatewayProxy, type ProxyOptions } from './proxy.ts'
export type { ServingCertificate } from './serving-tls.ts'
