import { expect, it } from "vitest";
import { spread } from "./spread.ts";

it("leaves handles where they are that can be told apart, and puts others aside so that each can be taken", () => {
  expect(
    spread([
      { x: 0, y: 0 },
      { x: 40, y: 0 },
    ]),
  ).toEqual([{ y: 0 }, { y: 0 }]);
  const places = [
    { x: 10, y: 50 },
    { x: 10, y: 50 },
    { x: 14, y: 52 },
    { x: 10, y: 50 },
  ];
  const shown = spread(places).map(({ y }, i) => ({ x: places[i].x, y: places[i].y + y }));
  for (const [i, a] of shown.entries())
    for (const b of shown.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(26);
});
