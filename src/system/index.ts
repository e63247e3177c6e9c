export { aborted } from './aborted.ts'
export { waitingAncestor } from './ancestry.ts'
export type { Browser, BrowserCommand } from './browser.ts'
export {
  type BrowserAvailability,
  browserAvailability,
  type Surroundings,
} from './browser-availability.ts'
export { type Clock, systemClock } from './clock.ts'
export { type Look, paint } from './colour.ts'
export {
  type CertificateFacts,
  connectTo,
  inspectTls,
  type Probe,
  type ProxyProbe,
  resolveHost,
  systemAuthorities,
  type TlsFacts,
  tryTunnel,
} from './connection-probe.ts'
export { type ContactWatch, watchForContact } from './contact-watch.ts'
export { compileFromNowOn, compileNoMore } from './engine.ts'
export type { FileContents, FileReader, Files } from './files.ts'
export type { Fetch, FetchInit, HttpClient, HttpOptions, TlsVersion } from './http.ts'
export type { Keychain, KeychainEntry } from './keychain.ts'
export type { Log } from './log.ts'
export { isSameMachine, type Machine, thisMachine } from './machine.ts'
export { nodeFiles } from './node-files.ts'
export { nodeProcess } from './node-process.ts'
export { nodeSystem } from './node-system.ts'
export { joinPath, resolvePath } from './paths.ts'
export type { Peer } from './peer.ts'
export { type IncomingConnection, isFromStranger } from './peer-user.ts'
export { type Permissions, permissionsOf } from './permissions.ts'
export { findPortHolder, type PortHolder } from './port-holder.ts'
export type { ProcessInfo } from './process.ts'
export { type ProcessLiveness, processLiveness } from './process-liveness.ts'
export { processors } from './processors.ts'
export {
  findPrograms,
  isExecutable,
  ownCommand,
  ownProgram,
  type ProgramOutcome,
  realPath,
  runToEnd,
} from './programs.ts'
export { type ProxyServer, proxyFor } from './proxy.ts'
export { readBounded } from './read-bounded.ts'
export { withoutSecrets } from './redaction.ts'
export { makeRuntimeFolder, runtimeFolders } from './runtime-folder.ts'
export { sha256Hex } from './sha256.ts'
export { writeStderr, writeStdout } from './standard-streams.ts'
export { stderrLog } from './stderr-log.ts'
export type { ReadingSystem, System } from './system.ts'
export { temporaryPath } from './temporary-path.ts'
export type { Question, Terminal } from './terminal.ts'
