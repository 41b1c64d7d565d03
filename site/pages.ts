/** What the bars of the site name, in the order in which one would read it. */
import { readFileSync } from "node:fs";
import type { DefaultTheme } from "vitepress";

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

const group = (text: string, ...items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem => ({
  text,
  items,
});

/** The pages, and what the build writes beside them, which has no page: where the site lies is said with it. */
const read = (base: string) => [
  group(
    "Begin",
    page("What and why", "/"),
    page("Installing", "/install"),
    page("Your own pictures", "/start/pictures"),
    page("A table", "/start/table"),
    page("Teaching", "/start/teaching"),
    page("Research", "/start/research"),
    page("Coming from Python", "/from-python"),
  ),
  group(
    "Guides",
    page("Choose a loss", "/guides/choose-a-loss"),
    page("Read the curves", "/guides/read-the-curves"),
    page("When to stop", "/guides/when-to-stop"),
    page("Small data", "/guides/small-data"),
    page("Export and serve", "/guides/export-and-serve"),
    page("Reproduce", "/guides/reproduce"),
  ),
  group(
    "Go further",
    page("In a program", "/library"),
    page("Your own GAN", "/your-own-gan"),
    page("Programs to copy", "/examples"),
    page("Settings by effort", "/effort"),
    page("Data", "/data"),
    page("Tables", "/tables"),
    page("Labels and codes", "/conditional"),
    page("Translating pictures", "/translation"),
    page("Runs and resuming", "/runs"),
    page("With other tools", "/other-tools"),
  ),
  group(
    "Catalogue",
    page("Losses, penalties", "/losses"),
    page("Losses compared", "/losses-matrix"),
    page("Techniques", "/techniques"),
    page("Models", "/models"),
    page("Metrics and health", "/metrics"),
    page("Recipes", "/recipes"),
  ),
  group(
    "Understand",
    page("Theory lab", "/theory"),
    page("Studies", "/study"),
    page("Gallery", "/gallery"),
    page("Records", "/records"),
  ),
  group(
    "About",
    page("Performance", "/performance"),
    page("Beside others", "/comparison"),
    page("Security", "/security"),
    page("Versions and upgrading", "/releases"),
    page("Changes", "/changelog"),
    { text: "Licences of others", link: `${base}licences.txt`, target: "_self" },
  ),
];

const { version } = JSON.parse(
  readFileSync(new URL("../packages/tsgan/package.json", import.meta.url), "utf8"),
);

/** `api` is TypeDoc's list of modules, where it has been made; `base` is where the site will lie on its host. */
export const navigation = (api: string | undefined, base: string): DefaultTheme.Config => ({
  nav: [
    { text: "Begin", link: "/start/pictures" },
    { text: "Guides", link: "/guides/choose-a-loss" },
    { text: "Catalogue", link: "/losses" },
    ...(api === undefined ? [] : [{ text: "API", link: "/api/" }]),
    {
      text: version,
      items: [
        { text: "What has changed", link: "/changelog" },
        { text: "Documentation of other versions", link: "/releases#documentation-of-a-version" },
      ],
    },
  ],
  sidebar: {
    "/": read(base),
    ...(api === undefined ? {} : { "/api/": JSON.parse(readFileSync(api, "utf8")) }),
  },
  outline: { level: [2, 3] },
  search: { provider: "local" },
});
