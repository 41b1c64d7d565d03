/** Templates of `examples/`, and how each bundler builds and serves them. */

/** One way in which a page is brought to a browser. */
export interface Way {
  readonly name: string;
  /** Commands of `node_modules/.bin`, or `node FILE`, that come first. */
  readonly build?: readonly (readonly string[])[];
  /** The folder that is served; or a command that serves, which names its address. */
  readonly site: string | readonly string[];
}

export interface Template {
  readonly name: string;
  /** Folder of `examples/`. */
  readonly folder: string;
  /** What is installed beside tsgan and what its package.json names. */
  readonly packages: readonly string[];
  /** Changes that docs/install.md tells of: text of a file, and what takes its place. */
  readonly changes?: readonly (readonly [file: string, text: string, other: string])[];
  /** The oldest Node.js that its bundler runs in, where tsgan itself runs in an older one. */
  readonly node?: number;
  readonly ways: readonly Way[];
}

const vite = ["vite", "--host", "127.0.0.1", "--port", "0"] as const;

export const templates: readonly Template[] = [
  {
    name: "vite 8",
    folder: "page",
    packages: ["vite@8"],
    ways: [
      { name: "build", build: [["vite", "build"]], site: "dist" },
      { name: "dev", site: vite },
    ],
  },
  {
    name: "vite 7",
    folder: "page",
    packages: ["vite@7"],
    changes: [["vite.config.js", "// optimizeDeps", "optimizeDeps"]],
    ways: [
      { name: "build", build: [["vite", "build"]], site: "dist" },
      { name: "dev", site: vite },
    ],
  },
  {
    name: "esbuild",
    folder: "page",
    packages: ["esbuild@0.28"],
    ways: [{ name: "build", build: [["node", "esbuild.js"]], site: "dist" }],
  },
  {
    name: "rollup",
    folder: "page",
    packages: ["rollup@4", "@rollup/plugin-node-resolve@16", "@rollup/plugin-commonjs@29"],
    ways: [{ name: "build", build: [["rollup", "-c"]], site: "dist" }],
  },
  {
    name: "webpack",
    folder: "page",
    packages: ["webpack@5", "webpack-cli@7"],
    ways: [{ name: "build", build: [["webpack"]], site: "dist" }],
  },
  {
    name: "parcel",
    folder: "parcel",
    packages: [],
    ways: [{ name: "build", build: [["parcel", "build", "index.html", "--public-url", "./"]], site: "dist" }],
  },
  {
    name: "next",
    folder: "next",
    packages: [],
    ways: [
      {
        name: "build",
        build: [["next", "build"]],
        site: ["next", "start", "--hostname", "127.0.0.1", "--port", "0"],
      },
      { name: "dev", site: ["next", "dev", "--hostname", "127.0.0.1", "--port", "0"] },
    ],
  },
  {
    name: "sveltekit",
    folder: "sveltekit",
    packages: [],
    node: 22,
    ways: [
      { name: "build", build: [["vite", "build"]], site: "build" },
      { name: "dev", site: ["vite", "dev", "--host", "127.0.0.1", "--port", "0"] },
    ],
  },
];
