/** Training in a worker, as a page has it: one worker at a time, in which ONNX Runtime is loaded before all else. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Caller, ClosedError, type Connection, connect, type Handlers } from "./calls.ts";
import {
  type ChosenDevice,
  chooseDevice,
  type DeviceChoice,
  type Environment,
  examineEnvironment,
} from "./environment.ts";
import type { LoadProgress } from "./fetch-bytes.ts";
import { messageOf } from "./message-of.ts";

/** "closed": no worker has been asked for yet. "impossible": nothing can be trained in this browser. */
export type SessionStatus =
  | { readonly kind: "closed" }
  | { readonly kind: "loading"; readonly progress: LoadProgress | undefined }
  | { readonly kind: "ready" }
  | { readonly kind: "impossible"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface TrainingSession<H extends Handlers> {
  readonly status: ReadonlySignal<SessionStatus>;
  /** What the browser offers; undefined until it has been asked. */
  readonly environment: ReadonlySignal<Environment | undefined>;
  /** What a worker trains on; undefined until the browser has been asked. */
  readonly device: ReadonlySignal<ChosenDevice | undefined>;
  /** Asks the browser what it offers. @returns why nothing can be trained; undefined where it can */
  examine(): Promise<string | undefined>;
  /**
   * Resolves when ONNX Runtime is loaded; opens the worker where there is none. It rejects with a ClosedError if the worker is
   * closed meanwhile.
   */
  ready(): Promise<void>;
  /** Calls the worker once it is ready. Calls are made in the order in which they were asked for. */
  readonly call: Caller<H>;
  readonly isOpen: () => boolean;
  /** Ends the worker; the next call opens another, on the device that is then wanted. */
  close(): void;
}

/** Whether an error only says that the worker was closed, which is nothing to tell. */
export const isClosed = (error: unknown): boolean => error instanceof ClosedError;

/**
 * @param worker makes the worker, which uses `answerCalls`
 * @param wanted the device that is wanted: after another choice the worker is to be closed
 * @param threadsFrom cores from which threads are worth it when nothing is chosen
 * @param gpuByItself whether WebGPU is taken when nothing is chosen
 * @param onFailure the worker broke; it is closed then
 */
export const trainingSession = <H extends Handlers, Event>({
  worker,
  wanted,
  threadsFrom,
  gpuByItself,
  onEvent,
  onFailure,
}: {
  readonly worker: () => Worker;
  readonly wanted: ReadonlySignal<DeviceChoice>;
  readonly threadsFrom?: number;
  readonly gpuByItself?: boolean;
  readonly onEvent: (event: Event) => void;
  readonly onFailure: (message: string) => void;
}): TrainingSession<H> => {
  interface Loads extends Handlers {
    readonly load: (chosen: ChosenDevice) => Promise<void>;
  }
  const status = signal<SessionStatus>({ kind: "closed" });
  const environment = signal<Environment | undefined>(undefined);
  const device = computed(
    () => environment.value && chooseDevice(wanted.value, environment.value, { threadsFrom, gpuByItself }),
  );
  let opening: Promise<Connection<H>> | undefined;
  let connection: Connection<Loads> | undefined;
  /** Another one for each worker: what arrives late is known to be late. */
  let current: object | undefined;

  const close = (): void => {
    connection?.close();
    connection = undefined;
    opening = undefined;
    current = undefined;
    status.value = { kind: "closed" };
  };

  const fail = (reason: string): void => {
    close();
    status.value = { kind: "failed", reason };
  };

  const examine = async (): Promise<string | undefined> => {
    environment.value ??= await examineEnvironment();
    return environment.value.wasmProblem;
  };

  const open = async (): Promise<Connection<H>> => {
    const mine = {};
    current = mine;
    const goOn = (): void => {
      if (current !== mine) throw new ClosedError();
    };
    status.value = { kind: "loading", progress: undefined };
    try {
      const reason = await examine();
      goOn();
      if (reason !== undefined) {
        close();
        status.value = { kind: "impossible", reason };
        throw new Error(reason);
      }
      const chosen = device.peek()!;
      const opened = connect<Loads, Event>(worker(), {
        onEvent: (event) => {
          if (current === mine) onEvent(event);
        },
        onProgress: (progress) => {
          if (current === mine) status.value = { kind: "loading", progress };
        },
        onFailure: (message) => {
          if (current !== mine) return;
          fail(message);
          onFailure(message);
        },
      });
      connection = opened;
      await opened.call("load", chosen);
      goOn();
      status.value = { kind: "ready" };
      return opened as unknown as Connection<H>;
    } catch (error) {
      if (current === mine) fail(messageOf(error));
      throw error;
    }
  };

  const opened = (): Promise<Connection<H>> => {
    opening ??= open();
    return opening;
  };

  return {
    status,
    environment,
    device,
    examine,
    ready: async () => void (await opened()),
    call: (name, ...args) => opened().then(({ call }) => call(name, ...args)),
    isOpen: () => current !== undefined,
    close,
  };
};
