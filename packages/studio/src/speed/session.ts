/** Measures this machine, one device after the other, each in a worker of its own. */
import { signal } from "@preact/signals";
import { version } from "tsgan/package.json";
import { type ChosenDevice, isClosed, trainingSession, unavailable } from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";
import { addressOf } from "../ui/address.ts";
import { browserName, type Figures, type Place, places, read, type WorkloadName, write } from "./results.ts";
import type { SpeedHandlers } from "./worker.ts";

export const address = addressOf({ isHere: ([page]) => page === "speed", read, write, bare: "kept" });

export const problem = signal<string | undefined>(undefined);
/** What is being measured. */
export const doing = signal<{ readonly place: Place; readonly workload?: WorkloadName } | undefined>(
  undefined,
);
/** What of it is there already. */
export const soFar = signal<Figures>({});
/** Whether what the address shows was measured in this page. */
export const isOwn = signal(false);

const wanted = signal<ChosenDevice["choice"]>("single");

const session = trainingSession<SpeedHandlers, never>({
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  wanted,
  onEvent: () => {},
  onFailure: (message) => {
    problem.value = message;
  },
});

export const { environment, examine } = session;

/** Those that this browser has, without a GPU that is the processor again. */
export const usualPlaces = (): readonly Place[] => {
  const found = environment.value;
  if (found === undefined) return [];
  return places.filter(
    (place) => unavailable(place, found) === undefined && !(place === "webgpu" && found.gpuIsSoftware),
  );
};

export const stop = (): void => {
  session.close();
  doing.value = undefined;
};

/** Measures what the address asks for; what is measured goes into it. */
export const measure = async (): Promise<void> => {
  problem.value = undefined;
  doing.value = { place: "single" };
  soFar.value = {};
  try {
    await examine();
    const { workloads, places: asked } = address.state.peek();
    const can = environment.peek();
    const chosen = (asked ?? usualPlaces()).filter(
      (place) => can !== undefined && unavailable(place, can) === undefined,
    );
    if (chosen.length === 0) throw new Error("None of the devices that are asked for is there.");
    for (const place of chosen) {
      session.close();
      wanted.value = place;
      doing.value = { place };
      for (const workload of workloads) {
        await session.ready();
        doing.value = { place, workload };
        const ms = await session.call("measure", workload);
        const figures = soFar.peek();
        soFar.value = { ...figures, [place]: { ...figures[place], [workload]: ms } };
      }
    }
    isOwn.value = true;
    address.change({
      ...address.state.peek(),
      result: {
        figures: soFar.peek(),
        date: new Date().toISOString().slice(0, 10),
        version,
        browser: browserName(navigator.userAgent),
        cores: navigator.hardwareConcurrency,
        gpu: chosen.includes("webgpu") ? can?.gpu : undefined,
      },
    });
  } catch (error) {
    if (!isClosed(error)) problem.value = messageOf(error);
  } finally {
    stop();
  }
};
