"use client";
// A hook for any React page: trains in a worker while the component is there. Copy it with worker.js.
import { useEffect, useState } from "react";

/**
 * What a run has come to: `{ step, losses }` after each step, `points` [n, 2] at its end, `error` where something is wrong.
 * `steps`: how many; undefined waits. Other steps begin anew.
 */
export const useTraining = (steps) => {
  const [state, setState] = useState({});
  useEffect(() => {
    if (steps === undefined) return;
    setState({});
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onerror = ({ message }) => setState({ error: message || "the worker could not be loaded" });
    worker.onmessage = ({ data }) => setState((before) => ({ ...before, ...data }));
    worker.postMessage({ steps });
    return () => worker.terminate();
  }, [steps]);
  return state;
};
