"use client";
// Starts a worker that trains, and draws what the generator makes. `?steps=2000` in the page's address trains longer.
import { useEffect, useRef, useState } from "react";

/** Points of the plane, [n, 2]; the ring that is learnt has the radius 2. */
const draw = (canvas, points) => {
  const context = canvas.getContext("2d");
  const [half, scale] = [canvas.width / 2, canvas.width / 6];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#2468c8";
  for (let i = 0; i < points.length; i += 2) {
    context.fillRect(half + points[i] * scale - 1, half - points[i + 1] * scale - 1, 3, 3);
  }
  canvas.dataset.points = String(points.length / 2);
};

export const Training = () => {
  const [status, setStatus] = useState("Loading …");
  const canvas = useRef(null);
  useEffect(() => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onerror = (event) => setStatus(event.message || "the worker could not be loaded");
    worker.onmessage = ({ data: { step, losses, points, error } }) => {
      if (error !== undefined) setStatus(error);
      if (losses !== undefined)
        setStatus(`step ${step}: D ${losses[0].toFixed(4)}, G ${losses[1].toFixed(4)}`);
      if (points !== undefined) draw(canvas.current, points);
    };
    worker.postMessage({ steps: Number(new URLSearchParams(location.search).get("steps") ?? 500) });
    return () => worker.terminate();
  }, []);
  return (
    <>
      <p id="status" role="status">
        {status}
      </p>
      <canvas id="picture" ref={canvas} width={400} height={400} aria-label="What the generator makes" />
    </>
  );
};
