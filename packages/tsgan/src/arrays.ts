/**
 * Arrays with memory of their own, which pages may hand on: `Uint8Array<ArrayBuffer>` … by names that TypeScript before 5.7 reads,
 * too, where typed arrays had no parameter.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;
export type Int32s = ReturnType<Int32ArrayConstructor["of"]>;
export type Uint32s = ReturnType<Uint32ArrayConstructor["of"]>;
