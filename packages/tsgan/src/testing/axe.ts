/** What axe finds against a page: every rule at every level, and targets that are too small for a finger (WCAG 2.2, 2.5.8). */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What differs between two themes of the same elements. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Until a change of theme has been drawn: half-way from light to dark nothing has its contrast. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.all(transitions.map(({ finished }) => finished.catch(() => undefined)));
  });

const found = async (page: Page, axe: AxeBuilder): Promise<string[]> => {
  await settled(page);
  // Pages without frames of other origins need no page of their own to be judged in.
  const { violations } = await axe.setLegacyMode().analyze();
  return violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html).join(" ")}`,
  );
};

/** @param within selector of the part that is looked at; default: the whole page */
export const violations = (page: Page, within?: string): Promise<string[]> => {
  const axe = new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } });
  return found(page, within === undefined ? axe : axe.include(within));
};

/** The same of the colours alone: for another theme of elements that `violations` has seen already. */
export const violationsOfColours = (page: Page): Promise<string[]> =>
  found(page, new AxeBuilder({ page }).withRules(OF_COLOURS));
