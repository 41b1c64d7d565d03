// The page: starts a worker that trains, and draws what the generator makes. `?steps=2000` in its address trains longer.
const steps = Number(new URLSearchParams(location.search).get("steps") ?? 500);
const status = document.querySelector("#status");
const canvas = document.querySelector("#picture");

/** Points of the plane, [n, 2]; the ring that is learnt has the radius 2. */
const draw = (points) => {
  const context = canvas.getContext("2d");
  const [half, scale] = [canvas.width / 2, canvas.width / 6];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#2468c8";
  for (let i = 0; i < points.length; i += 2) {
    context.fillRect(half + points[i] * scale - 1, half - points[i + 1] * scale - 1, 3, 3);
  }
};

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onerror = (event) => {
  status.textContent = event.message || "the worker could not be loaded";
};
worker.onmessage = ({ data: { step, losses, points, error } }) => {
  if (error !== undefined) status.textContent = error;
  if (losses !== undefined)
    status.textContent = `step ${step}: D ${losses[0].toFixed(4)}, G ${losses[1].toFixed(4)}`;
  if (points !== undefined) {
    draw(points);
    canvas.dataset.points = String(points.length / 2);
  }
};
worker.postMessage({ steps });
