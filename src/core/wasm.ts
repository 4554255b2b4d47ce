// Modules of WebAssembly, which stand in the source as text (test/compile-wasm.ts makes it).

/** Node's types have none of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A module of its own memory, from its bytes in Base64; answers what it exports, which is for the caller to know. */
export function instanceOf(base64: string): unknown {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, 'base64'))).exports;
}
