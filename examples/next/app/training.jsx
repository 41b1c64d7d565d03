"use client";
// Trains in a worker, and draws what the generator makes. `?steps=2000` in the page's address trains longer.
import { useEffect, useRef, useState } from "react";
import { useTraining } from "./use-training.js";

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

const said = ({ step, losses, error }) => {
  if (error !== undefined) return error;
  return losses === undefined
    ? "Loading …"
    : `step ${step}: D ${losses[0].toFixed(4)}, G ${losses[1].toFixed(4)}`;
};

export const Training = () => {
  const canvas = useRef(null);
  // The address is known in the browser only.
  const [steps, setSteps] = useState();
  useEffect(() => setSteps(Number(new URLSearchParams(location.search).get("steps") ?? 500)), []);
  const state = useTraining(steps);
  useEffect(() => {
    if (state.points !== undefined) draw(canvas.current, state.points);
  }, [state.points]);
  return (
    <>
      <p id="status" role="status">
        {said(state)}
      </p>
      <canvas id="picture" ref={canvas} width={400} height={400} aria-label="What the generator makes" />
    </>
  );
};
