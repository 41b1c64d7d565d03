/** Light or dark: as the system has it, unless chosen; the choice is kept. */
import { effect, signal } from "@preact/signals";
import { keepText, recallText } from "./stored.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "tsgan-theme";
const stored = recallText("local", KEY);

export const theme = signal<Theme>(THEMES.find((name) => name === stored) ?? "auto");

effect(() => {
  keepText("local", KEY, theme.value);
  document.documentElement.style.colorScheme = theme.value === "auto" ? "light dark" : theme.value;
});

const systemIsDark = signal(matchMedia("(prefers-color-scheme: dark)").matches);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
  systemIsDark.value = matches;
});

/** True where the page is drawn dark: canvases and figures ask, everything else uses CSS variables. */
export const isDark = (): boolean => (theme.value === "auto" ? systemIsDark.value : theme.value === "dark");
