import { describe, expect, it } from "vitest";
import { experiments, story, storyItem } from "./index.ts";

const item = {
  name: "one",
  title: "Costs & <tags>",
  explanation: "p_{g} against 10^{−3}",
  source: "Nobody 1900",
  figure: { title: "Costs", panels: [{ marks: [] }] },
};

describe("the story", () => {
  it("tells the items in the given order, each linked from the contents", () => {
    const page = story([item, { ...item, name: "two" }]);
    expect(page.indexOf('id="one"')).toBeLessThan(page.indexOf('id="two"'));
    expect(page).toContain('href="#two"');
  });

  it("escapes texts and turns their markup into tags", () => {
    const page = story([item]);
    expect(page).toContain("<h2>Costs &amp; &lt;tags&gt;</h2>");
    expect(page).toContain("p<sub>g</sub> against 10<sup>−3</sup>");
  });

  it("is self-contained: nothing is loaded from elsewhere", async () => {
    const items = await Promise.all(
      experiments.all
        .filter(({ definition }) => definition.minutes === undefined)
        .map((factory) => factory.create())
        .map(async (experiment) => storyItem(experiment, await experiment.run())),
    );
    const page = story(items);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(page.match(/https?:\/\/[^"]+/g)?.every((url) => url === "http://www.w3.org/2000/svg")).toBe(true);
  });
});
