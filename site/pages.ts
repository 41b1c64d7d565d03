/** What the bars of the site name, in the order in which one would read it. */
import { readFileSync } from "node:fs";
import type { DefaultTheme } from "vitepress";

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

const group = (text: string, ...items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem => ({
  text,
  items,
});

const read = [
  group("Begin", page("What and why", "/"), page("Installing", "/install")),
  group(
    "Train",
    page("Data", "/data"),
    page("Tables", "/tables"),
    page("Classes and labels", "/conditional"),
    page("Translating pictures", "/translation"),
    page("Runs and resuming", "/runs"),
    page("Your own GAN", "/your-own-gan"),
    page("Programs to copy", "/examples"),
    page("With other tools", "/other-tools"),
  ),
  group(
    "Catalogue",
    page("Losses, penalties", "/losses"),
    page("Losses compared", "/losses-matrix"),
    page("Models", "/models"),
    page("Metrics and health", "/metrics"),
    page("Recipes", "/recipes"),
  ),
  group("Understand", page("The theory lab", "/theory"), page("Studies", "/study")),
  group(
    "About",
    page("Performance", "/performance"),
    page("Security", "/security"),
    page("Changes", "/changelog"),
  ),
];

/** `api` is TypeDoc's list of modules, where it has been made. */
export const navigation = (api: string | undefined): DefaultTheme.Config => ({
  nav: [
    { text: "Begin", link: "/install" },
    { text: "Catalogue", link: "/losses" },
    ...(api === undefined ? [] : [{ text: "API", link: "/api/" }]),
  ],
  sidebar: {
    "/": read,
    ...(api === undefined ? {} : { "/api/": JSON.parse(readFileSync(api, "utf8")) }),
  },
  outline: { level: [2, 3] },
  search: { provider: "local" },
});
