/** What pictures were like, gathered one by one: sides, what was cut off, values used. */
import type { PictureFacts } from "../data/index.ts";
import { usedRange } from "../data/used-range.ts";
import type { DecodedPicture } from "./decode-picture.ts";

/** Values of a picture that are counted, at most. */
const COUNTED = 2 ** 16;

export interface PictureFactsGatherer {
  add(picture: DecodedPicture): void;
  facts(): Omit<PictureFacts, "width" | "height" | "fit">;
}

export const gatherPictureFacts = (): PictureFactsGatherer => {
  const histogram = new Float64Array(256);
  let smallest: readonly [number, number] = [0, 0];
  let largest: readonly [number, number] = [0, 0];
  let count = 0;
  let lost = 0;
  let enlarged = 0;
  const area = ([width, height]: readonly [number, number]) => width * height;
  return {
    add({ planes, seen, lost: own, enlarged: grew }) {
      if (count === 0 || area(seen) < area(smallest)) smallest = seen;
      if (count === 0 || area(seen) > area(largest)) largest = seen;
      count++;
      lost += own;
      if (grew) enlarged++;
      const step = Math.max(1, Math.ceil(planes.length / COUNTED));
      for (let i = 0; i < planes.length; i += step) histogram[planes[i]]++;
    },
    facts() {
      const [low, high] = usedRange(histogram);
      return {
        smallest,
        largest,
        lost: count === 0 ? 0 : lost / count,
        enlarged,
        low,
        high,
      };
    },
  };
};
