/** The worker's side of `calls.ts` and `session.ts`. */
import { type Device, isRuntimeThread } from "tsgan/runtime";
import type { Answer, Call, Handlers } from "./calls.ts";
import { loadRuntime } from "./load-runtime.ts";
import { messageOf } from "./message-of.ts";

interface WorkerScope {
  onmessage: (event: { readonly data: Call }) => void;
  postMessage(message: Answer<unknown>, transfer?: readonly ArrayBuffer[]): void;
}

/** Sends an event to the page. `transfer`: buffers that the worker gives away. */
export type Emit<Event> = (event: Event, transfer?: readonly ArrayBuffer[]) => void;

/** What the page has chosen to train on. */
export interface Runtime {
  readonly device: Device;
  readonly threads: number;
}

/**
 * Makes this worker answer a training session's calls: the first is `load`, which is answered here; `runtime` says what was
 * loaded. ONNX Runtime starts its threads from the file it was bundled into, which may be the worker's own: they must not
 * take `onmessage`.
 */
export const answerCalls = <Event>(make: (emit: Emit<Event>, runtime: () => Runtime) => Handlers): void => {
  if (isRuntimeThread()) return;
  const scope = globalThis as unknown as WorkerScope;
  let loaded: Runtime | undefined;
  const load = async (chosen: Runtime): Promise<void> => {
    await loadRuntime(chosen, (progress) => scope.postMessage({ progress }));
    loaded = chosen;
  };
  const runtime = (): Runtime => {
    if (loaded === undefined) throw new Error("ONNX Runtime is not loaded yet");
    return loaded;
  };
  const handlers: Handlers = {
    ...make((event, transfer) => scope.postMessage({ event }, transfer), runtime),
    load,
  };
  const answer = async ({ id, name, args }: Call): Promise<void> => {
    try {
      scope.postMessage({ id, result: await handlers[name](...args) });
    } catch (error) {
      scope.postMessage({ id, error: messageOf(error) });
    }
  };
  scope.onmessage = ({ data }) => void answer(data);
};
