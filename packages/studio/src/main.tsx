import "./styles.css";
import { signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { workOffline } from "./offline/register.ts";
import { href, isEmbedded, route } from "./route.ts";
import { THEMES, type Theme, theme } from "./theme.ts";

interface Page {
  readonly title: string;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
  /** Whether it is reached from another page, and not from the menu. */
  readonly aside?: true;
}

/** Each page is a chunk of its own, loaded when it is opened. */
const PAGES: Readonly<Record<string, Page>> = {
  playground: { title: "Playground", load: () => import("./playground/page.tsx") },
  images: { title: "Images", load: () => import("./images/page.tsx") },
  tables: { title: "Tables", load: () => import("./tables/page.tsx") },
  lessons: { title: "Lessons", load: () => import("./lessons/page.tsx") },
  runs: { title: "Runs", load: () => import("./runs/page.tsx") },
  speed: { title: "Speed", load: () => import("./speed/page.tsx"), aside: true },
};

const opened = signal<Readonly<Record<string, ComponentType>>>({});
const failure = signal<string | undefined>(undefined);

const open = async (name: string): Promise<void> => {
  if (opened.peek()[name] !== undefined) return;
  try {
    const { Page } = await PAGES[name].load();
    opened.value = { ...opened.peek(), [name]: Page };
    failure.value = undefined;
  } catch (error) {
    failure.value = `The page could not be loaded: ${error instanceof Error ? error.message : error}. Reload to try again.`;
  }
};

const ThemeSwitch = () => (
  <label class="theme">
    <span class="visually-hidden">Colours</span>
    <select
      value={theme.value}
      onChange={(event) => {
        theme.value = event.currentTarget.value as Theme;
      }}
    >
      {THEMES.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

const Header = ({ name }: { readonly name: string }) => (
  <>
    <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
      Skip to content
    </button>
    <header class="top">
      <a class="brand" href={href("playground")}>
        tsgan <span>studio</span>
      </a>
      <nav aria-label="Pages">
        {Object.entries(PAGES)
          .filter(([, { aside }]) => aside !== true)
          .map(([key, { title }]) => (
            <a key={key} href={href(key)} aria-current={key === name ? "page" : undefined}>
              {title}
            </a>
          ))}
      </nav>
      <ThemeSwitch />
    </header>
  </>
);

/** Of all pages: what they are made of by others. The build writes it beside the page. */
const Footer = () => (
  <footer class="bottom">
    <a href="licences.txt">Licences</a>
  </footer>
);

const App = () => {
  const name = route.value.path[0] ?? "playground";
  const known = Object.hasOwn(PAGES, name);
  if (known) void open(name);
  const Body = known ? opened.value[name] : undefined;
  return (
    <>
      {!isEmbedded && <Header name={name} />}
      <main id="content" tabIndex={-1}>
        {!known && (
          <>
            <h1>There is no page “{name}”</h1>
            <p>
              <a href={href("playground")}>Go to the playground</a>, or choose a page above.
            </p>
          </>
        )}
        {failure.value !== undefined && (
          <p class="notice error" role="alert">
            {failure.value}
          </p>
        )}
        {known && !isEmbedded && Body === undefined && failure.value === undefined && (
          <div class="opening" role="status">
            <h1>{PAGES[name].title}</h1>
            <p class="muted">Opening …</p>
          </div>
        )}
        {Body !== undefined && <Body />}
      </main>
      {/* Not before there is something above it: it would jump. */}
      {!isEmbedded && (Body !== undefined || !known) && <Footer />}
    </>
  );
};

render(<App />, document.getElementById("app")!);
workOffline();
