/** llhttp, the parser of Node itself, compiled to WebAssembly by undici. */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const wasm: Buffer<ArrayBuffer>
  export default wasm
}
