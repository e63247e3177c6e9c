import { pino } from 'pino'

/** What the gateway says of itself, for its operator. No line holds a token, a header or a claim. */
export interface GatewayLog {
  /** The ordinary course: started, configuration loaded, draining. */
  info(message: string, facts?: LogFacts): void
  /** Something that needs a look, while everything goes on. */
  warn(message: string, facts?: LogFacts): void
  /** Something that does not work. */
  error(message: string, facts?: LogFacts): void
}

/** Plain facts beside a message: names, counts, fixed words. */
export type LogFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** Takes whole lines. */
export interface LogDestination {
  write(line: string): void
}

/** JSON lines as pino writes them; `level` is a word. */
export function jsonLog(destination: LogDestination): GatewayLog {
  const logger = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  return {
    info: (message, facts) => logger.info(facts ?? {}, message),
    warn: (message, facts) => logger.warn(facts ?? {}, message),
    error: (message, facts) => logger.error(facts ?? {}, message),
  }
}

/** Says nothing. */
export const silentLog: GatewayLog = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
