/** The page of losses gets a picture for each loss that has one, after its formulas. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownRenderer } from "vitepress";

/** A plug-in of markdown-it. `gallery` is the folder of pictures. */
export const lossPictures = (markdown: MarkdownRenderer, gallery: string): void => {
  markdown.core.ruler.push("loss-pictures", ({ tokens, env, Token }) => {
    if (env.relativePath !== "losses.md") return;
    let name = "";
    for (let i = 0; i < tokens.length; i++) {
      if (tokens[i].type === "heading_open") name = tokens[i + 1].content;
      if (tokens[i].type !== "fence" || !existsSync(join(gallery, `losses/${name}.light.svg`))) continue;
      const picture = new Token("html_block", "", 0);
      picture.content = `<Picture name="losses/${name}" alt="Losses of generator and discriminator by the score of a generated sample" />\n`;
      tokens.splice(i + 1, 0, picture);
      name = "";
    }
  });
};
