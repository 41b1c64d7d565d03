/** Graph functions as programs on a device. */
import { door } from "#onnxruntime";

export { type Device, devices, type HostData } from "./door.ts";
export { type CompileOptions, compile, type Program, State } from "./program.ts";

/** Where programs run when nothing is said: `cpu` in Node.js, `wasm` in a browser. */
export const defaultDevice = door.defaultDevice;
