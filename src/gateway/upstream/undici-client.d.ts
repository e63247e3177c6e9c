/** The client alone: the whole package would also replace the dispatcher of the global `fetch`. */
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici'
}
