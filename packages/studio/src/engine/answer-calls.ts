/** The worker's side of `calls.ts`. */
import { isRuntimeThread } from "tsgan/runtime";
import type { Call, Handlers } from "./calls.ts";

interface WorkerScope {
  onmessage: (event: { readonly data: Call }) => void;
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** Sends an event to the page. `transfer`: buffers that the worker gives away. */
export type Emit<Event> = (event: Event, transfer?: readonly ArrayBuffer[]) => void;

/**
 * Makes this worker answer calls. ONNX Runtime starts its threads from the file it was bundled into, which may be the
 * worker's own: they must not take `onmessage`.
 */
export const answerCalls = <Event>(make: (emit: Emit<Event>) => Handlers): void => {
  if (isRuntimeThread()) return;
  const scope = globalThis as unknown as WorkerScope;
  const handlers = make((event, transfer) => scope.postMessage({ event }, transfer));
  const answer = async ({ id, name, args }: Call): Promise<void> => {
    try {
      scope.postMessage({ id, result: await handlers[name](...args) });
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
  scope.onmessage = ({ data }) => void answer(data);
};
