import { expect, it } from "vitest";
import { expectation, speedOf, stepsFor } from "./expectation.ts";
import { usualSettings } from "./settings.ts";

it("says what is likely of so many images, how many steps it takes, and how long that is here", () => {
  const own = usualSettings("own");
  const speed = speedOf(2.5, own);
  expect(expectation(own, { count: 44, isGrey: false }, speed)).toBe(
    "44 images: copies likely; about 3,000 steps, 20 minutes here",
  );
  expect(expectation(own, { count: 44, isGrey: false }, undefined)).toContain(
    "how long shows once it trains",
  );
  expect(
    expectation(
      usualSettings("mnist"),
      { count: 10_000, classes: 10, isGrey: true },
      speedOf(10, usualSettings("mnist")),
    ),
  ).toBe("10,000 images of 10 classes: new images in their manner; about 1,000 steps, 2 minutes here");
  expect(expectation(own, { count: 2000, isGrey: false }, speed)).toContain("close copies of some likely");
});

it("takes four times as long for images twice as wide, and twice as many steps", () => {
  const own = usualSettings("own");
  const large = { ...own, size: 64 };
  expect(stepsFor("own", false, large)).toBe(2 * stepsFor("own", false, own));
  expect(speedOf(1, large)).toBe(4 * speedOf(1, own));
});
