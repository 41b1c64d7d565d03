/** Links of built pages that lead nowhere: to a page or file that is not there, or to a place that a page does not have. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One line a dead link. `base` is where the folder `dist` lies on its host. */
export const deadLinks = (dist, base) => {
  const pages = new Map(
    readdirSync(dist, { recursive: true })
      .filter((name) => name.endsWith(".html") && !name.startsWith("files/"))
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(dist, name), "utf8")]),
  );
  const places = new Map(
    [...pages].map(([name, html]) => [
      name,
      new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)),
    ]),
  );
  const dead = [];
  for (const [name, html] of pages) {
    const here = new URL(name, `http://site${base}`);
    for (const [, attribute] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const link = attribute.replaceAll("&amp;", "&");
      const url = new URL(link, here);
      if (url.host !== "site" || !url.protocol.startsWith("http")) continue;
      if (!url.pathname.startsWith(base)) {
        dead.push(`${name}: ${link} is outside of ${base}`);
        continue;
      }
      let path = decodeURIComponent(url.pathname.slice(base.length));
      if (path === "" || path.endsWith("/")) path += "index.html";
      const place = decodeURIComponent(url.hash.slice(1));
      const file = join(dist, path);
      if (!existsSync(file) || statSync(file).isDirectory()) dead.push(`${name}: nothing is at ${link}`);
      else if (place !== "" && places.has(path) && !places.get(path).has(place))
        dead.push(`${name}: ${path} has no place ${place}`);
    }
  }
  return [...new Set(dead)];
};
