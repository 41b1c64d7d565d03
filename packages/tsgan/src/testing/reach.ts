/** What a page must allow without a pointer and without motion. */
import type { Page } from "playwright-core";

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Numbers what must be reached by Tab. @returns how many there are, and what a pointer alone can use */
const marked = (page: Page): Promise<{ count: number; pointerOnly: string[] }> =>
  page.evaluate((focusable) => {
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0;
    const all = [...document.querySelectorAll<HTMLElement>(focusable)].filter((element) => {
      if (element.tabIndex < 0 || element.matches(":disabled") || !isShown(element)) return false;
      if (!(element instanceof HTMLInputElement) || element.type !== "radio") return true;
      // Of radio buttons Tab takes one, and the arrows the others.
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${element.name}"]`)];
      return element === (group.find(({ checked }) => checked) ?? group[0]);
    });
    all.forEach((element, i) => {
      element.dataset.reach = String(i);
    });
    const pointerOnly = [...document.querySelectorAll("body *")].filter(
      (element) =>
        getComputedStyle(element).cursor === "pointer" &&
        isShown(element) &&
        element.closest(`${focusable}, label`) === null,
    );
    (document.activeElement as HTMLElement | null)?.blur();
    scrollTo(0, 0);
    return { count: all.length, pointerOnly: pointerOnly.map(({ outerHTML }) => outerHTML.slice(0, 120)) };
  }, FOCUSABLE);

export interface Unreached {
  /** What Tab does not come to. */
  readonly missed: readonly string[];
  /** What does not show that it has the focus. */
  readonly unseen: readonly string[];
  /** What takes a pointer and nothing else. */
  readonly pointerOnly: readonly string[];
}

interface Visit {
  /** -1 for what is not to be reached. */
  readonly reach: number;
  readonly isSeen: boolean;
  readonly html: string;
}

/** Notes what gets the focus, so that one need not ask after each press. */
const noteVisits = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const visits: Visit[] = [];
    Object.assign(globalThis, { visits });
    addEventListener("focusin", ({ target }) => {
      const now = target as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(now);
      visits.push({
        reach: Number(now.dataset.reach ?? -1),
        isSeen: now === document.body || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0),
        html: now.outerHTML.slice(0, 120),
      });
    });
  });

/** Goes through a page by Tab. */
export const unreached = async (page: Page): Promise<Unreached> => {
  await noteVisits(page);
  const { count, pointerOnly } = await marked(page);
  let visits: readonly Visit[] = [];
  const reached = (): Set<number> => new Set(visits.map(({ reach }) => reach).filter((reach) => reach >= 0));
  for (let presses = 0; reached().size < count && presses < 2 * count + 10; ) {
    for (const until = presses + Math.max(1, count - reached().size); presses < until; presses++)
      await page.keyboard.press("Tab");
    visits = await page.evaluate(() => (globalThis as unknown as { visits: Visit[] }).visits);
  }
  const missed = await page.evaluate(
    (all) =>
      [...document.querySelectorAll<HTMLElement>("[data-reach]")]
        .filter(({ dataset }) => !all.includes(Number(dataset.reach)))
        .map(({ outerHTML }) => outerHTML.slice(0, 120)),
    [...reached()],
  );
  const unseen = [...new Set(visits.filter(({ isSeen }) => !isSeen).map(({ html }) => html))];
  return { missed, unseen, pointerOnly };
};

/** What moves by style sheets or scripts, by the beginning of its HTML. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    document.getAnimations().flatMap(({ effect, playState }) => {
      if (!(effect instanceof KeyframeEffect) || playState !== "running") return [];
      return Number(effect.getTiming().duration) > 0 ? [effect.target?.outerHTML.slice(0, 120) ?? ""] : [];
    }),
  );

/** How wide the page is with all that stands beside the screen. */
export const widthOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth);
