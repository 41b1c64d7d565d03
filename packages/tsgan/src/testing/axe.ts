/** What axe finds against a page: every rule at every level, and targets that are too small for a finger (WCAG 2.2, 2.5.8). */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** @param within selector of the part that is looked at; default: the whole page */
export const violations = async (page: Page, within?: string): Promise<string[]> => {
  const axe = new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } });
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  return violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html).join(" ")}`,
  );
};
