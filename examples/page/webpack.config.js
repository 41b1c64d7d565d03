// The same page by webpack: npm install --save-dev webpack webpack-cli; npx webpack
import { copyFile } from "node:fs/promises";

const copyPage = {
  apply: (compiler) =>
    compiler.hooks.afterEmit.tapPromise("page", () => copyFile("index.html", "dist/index.html")),
};

export default {
  mode: "production",
  entry: "./page.js",
  output: { filename: "page.js" },
  plugins: [copyPage],
  // Only the device webgpu needs it.
  ignoreWarnings: [/onnxruntime-web\/(jspi|webgpu)/],
  performance: { hints: false },
};
