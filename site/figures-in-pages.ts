/**
 * Pages of the catalogue get the figures that there are: under a heading with a figure's name, after its formulas and their
 * symbols or its first paragraph, and where a page says `<!-- figure: GROUP/NAME -->`.
 */
import { existsSync, readFileSync } from "node:fs";
import type { MarkdownRenderer } from "vitepress";

/** Where the figures of a page's headings are looked for, in order. */
const groupsOf: Readonly<Record<string, readonly string[]>> = {
  "losses.md": ["losses", "penalties", "techniques"],
  "techniques.md": ["techniques"],
  "models.md": ["models"],
};

/** A plug-in of markdown-it. `facts` is the file that says what there is. */
export const figuresInPages = (markdown: MarkdownRenderer, facts: string): void => {
  const known: Readonly<Record<string, unknown>> = existsSync(facts)
    ? JSON.parse(readFileSync(facts, "utf8"))
    : {};
  const element = (name: string): string => {
    const text = JSON.stringify(known[name])
      .replaceAll("&", "&amp;")
      .replaceAll("'", "&#39;")
      .replaceAll("<", "&lt;");
    return `<LiveFigure name="${name}" :facts='${text}' />\n`;
  };
  markdown.core.ruler.push("figures-in-pages", ({ tokens, env, Token }) => {
    const groups = groupsOf[env.relativePath] ?? [];
    const block = (content: string) => Object.assign(new Token("html_block", "", 0), { content });
    let wanted: string | undefined;
    for (let i = 0; i < tokens.length; i++) {
      const { type, content } = tokens[i];
      const asked = type === "html_block" ? /^<!-- figure: (\S+) -->\n?$/.exec(content)?.[1] : undefined;
      if (asked !== undefined) {
        if (known[asked] === undefined) throw new Error(`${env.relativePath}: there is no figure ${asked}`);
        tokens[i].content = element(asked);
      }
      if (type === "heading_open") {
        const name = tokens[i + 1].content;
        wanted = groups.map((group) => `${group}/${name}`).find((each) => known[each] !== undefined);
        continue;
      }
      if (type !== "paragraph_close" || wanted === undefined) continue;
      // Of a section with formulas, after these and their symbols.
      if (tokens[i + 1]?.type === "fence") continue;
      tokens.splice(i + 1, 0, block(element(wanted)));
      wanted = undefined;
    }
  });
};
