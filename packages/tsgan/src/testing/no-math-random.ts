/** Test set-up: randomness is an argument, so `Math.random` throws. Packages may use theirs. */
const original = Math.random;

Math.random = () => {
  const caller = new Error().stack?.split("\n")[2] ?? "";
  if (caller.includes("node_modules") || caller.includes("node:")) return original();
  throw new Error("Math.random is not reproducible: use randomStream(seed, purpose, step)");
};
