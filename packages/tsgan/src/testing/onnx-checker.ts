/** The checker of Python's onnx package, where the system's Python has it (Debian: python3-onnx). */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PYTHON = "/usr/bin/python3";
const script = fileURLToPath(new URL("../../../../scripts/check-onnx.py", import.meta.url));

export const hasOnnxChecker = (): boolean => spawnSync(PYTHON, ["-c", "import onnx"]).status === 0;

/** What the checker says of a model file, and whether it accepts it. */
export const checkOnnx = (file: string): { readonly valid: boolean; readonly output: string } => {
  const { status, stdout, stderr } = spawnSync(PYTHON, [script, file], { encoding: "utf8" });
  return { valid: status === 0, output: stdout + stderr };
};
