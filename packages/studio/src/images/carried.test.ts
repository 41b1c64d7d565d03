import { decodeSafetensors, encodeSafetensors } from "tsgan/train";
import { expect, it } from "vitest";
import { carriedBy, withCarried } from "./carried.ts";
import { noCurves } from "./history.ts";
import { usualSettings } from "./settings.ts";

const plain = encodeSafetensors(
  { weight: { shape: [2], data: Float32Array.of(1, 2) } },
  { format: "some", step: "7" },
  { digest: true },
);
const settings = { ...usualSettings("pokemon", "hinge"), size: 64, latent: 32 };
const curves = { step: [1, 2], discriminator: [0.5, 1 / 3], generator: [2, 1], every: 1 };

it("a checkpoint brings back the settings and curves that it was given, and is otherwise the same", () => {
  const file = withCarried(plain, { settings, curves });
  expect(carriedBy(file, "a")).toEqual({
    settings,
    curves: { ...curves, discriminator: [0.5, 0.333333] },
  });
  const { tensors, metadata } = decodeSafetensors(file, "a");
  expect(tensors.weight.data).toEqual(Float32Array.of(1, 2));
  expect(metadata).toMatchObject({ format: "some", step: "7" });
});

it("one of before the data could choose was chosen by hand", () => {
  const before = encodeSafetensors({}, { studio: '{"settings": "data=own"}' }, { digest: true });
  expect(carriedBy(before, "a")?.settings).toEqual({ ...usualSettings("own"), by: "hand" });
  const byData = { ...usualSettings("own"), by: "data" as const };
  expect(carriedBy(withCarried(plain, { settings: byData, curves }), "a")?.settings).toEqual(byData);
});

it("one from elsewhere carries nothing, and one by another hand only what can be read", () => {
  expect(carriedBy(plain, "a")).toBeUndefined();
  const made = (studio: string) =>
    carriedBy(encodeSafetensors({}, { format: "some", studio }, { digest: true }), "a");
  expect(made("{")).toBeUndefined();
  expect(made('{"settings": "size=9000"}')).toBeUndefined();
  expect(made('{"settings": "", "curves": {"step": [2, 1]}}')?.curves).toEqual(noCurves);
});
