import { expect, it } from "vitest";
import { expectation, speedOf, stepsFor } from "./expectation.ts";
import { usualSettings } from "./settings.ts";

const own = usualSettings("own");
const few = { channels: 3, count: 44 };

it("says what is likely of so many images, how many steps it takes, and how long that is here", () => {
  const speed = speedOf(2.5, own, few);
  expect(expectation(own, few, speed)).toBe("44 images: copies likely; about 3,000 steps, 20 minutes here");
  expect(expectation(own, few, undefined)).toContain("how long shows once it trains");
  const digits = { channels: 1, count: 10_000, classes: 10 };
  const mnist = { ...usualSettings("mnist"), model: "acgan" } as const;
  expect(expectation(mnist, digits, speedOf(10, mnist, digits))).toBe(
    "10,000 images of 10 classes: new images in their manner; about 1,000 steps, 2 minutes here",
  );
  expect(expectation({ ...mnist, model: "dcgan" }, digits, undefined)).not.toContain("classes");
  expect(expectation(own, { channels: 3, count: 2000 }, speed)).toContain("close copies of some likely");
});

it("says of what the data choose what the command gives it, and its classes", () => {
  const settings = { ...own, by: "data" } as const;
  const images = { channels: 3, count: 3000 };
  expect(expectation(settings, images, speedOf(10, settings, images))).toBe(
    "3,000 images: close copies of some likely; about 2,000 steps, 3 minutes here",
  );
  expect(expectation(settings, { ...images, classes: 4 }, undefined)).toContain("3,000 images of 4 classes:");
  // As fast as when it was measured by other networks.
  const speed = speedOf(10, own, images);
  expect(speedOf(5, settings, images)).toBe(speed);
});

it("takes four times as long for images twice as wide, and twice as many steps", () => {
  const large = { ...own, size: 64 };
  expect(stepsFor("own", false, large)).toBe(2 * stepsFor("own", false, own));
  expect(speedOf(1, large, few)).toBe(4 * speedOf(1, own, few));
});
