/** The pages of `examples/` that train: ten steps in a browser. */
import type { Browser } from "playwright-core";

/** What such a page says after ten steps. */
export const LEARNT = /^step 10: D \d\.\d{4}, G \d\.\d{4}$/;

/** Milliseconds: development servers build a page meanwhile. */
const PATIENCE = 180_000;
/** Pixels that 500 points paint, at least. */
const PAINTED = 200;

/**
 * Ten steps of the page at an address; what it says at the end of them, or that something is wrong.
 *
 * @throws where it says nothing of either, or says that it has learnt and draws nothing
 */
export const trainAt = async (browser: Browser, url: string): Promise<string> => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("requestfailed", (request) => problems.push(`${request.url()} was not answered`));
  try {
    await page.goto(`${url}?steps=10`, { timeout: PATIENCE });
    await page.waitForFunction(
      () =>
        document.querySelector<HTMLElement>("#picture")?.dataset.points === "500" ||
        !/^(Loading|step|$)/.test(document.querySelector("#status")?.textContent ?? ""),
      undefined,
      { timeout: PATIENCE },
    );
    const said = (await page.textContent("#status")) ?? "";
    const painted = await page.evaluate(() => {
      const canvas = document.querySelector("canvas") as HTMLCanvasElement;
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, 400, 400);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
    if (LEARNT.test(said) && painted < PAINTED) throw new Error(`expected a picture; got ${painted} pixels`);
    return said;
  } catch (error) {
    const last = await page.textContent("#status", { timeout: 1000 }).catch(() => "nothing");
    throw new Error([(error as Error).message, `the page says: ${last}`, ...problems].join("\n"));
  } finally {
    await page.close();
  }
};
