/** Examples: the first three as pictures with a promise, the others as a list. */
import { useEffect, useRef } from "preact/hooks";
import { href } from "../route.ts";
import { isDark } from "../theme.ts";
import { examples, firstExamples } from "./examples.ts";
import { unpack } from "./packed.ts";
import { drawScene, surfaceScale, themeColors } from "./plot.ts";
import { recording, unpackPicture } from "./recording.ts";
import { openExample } from "./session.ts";

const SIDE = 92;

/** The last picture of an example. */
const Thumbnail = ({ index }: { readonly index: number }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const known = recording.value;
  const dark = isDark();
  useEffect(() => {
    const element = canvas.current;
    const card = known?.cards[index];
    if (element === null || known === undefined || card === undefined) return;
    element.width = SIDE * devicePixelRatio;
    element.height = SIDE * devicePixelRatio;
    const context = element.getContext("2d")!;
    context.scale(devicePixelRatio, devicePixelRatio);
    const picture = unpackPicture(card.picture);
    drawScene(context, SIDE, {
      picture,
      real: unpack(known.real),
      kind: card.surface,
      scale: surfaceScale(card.surface, picture.surface),
      latentSize: 2,
      layers: ["surface", "real", "fake"],
      colors: themeColors(element.parentElement!),
      bare: true,
    });
  }, [known, dark]);
  return <canvas ref={canvas} style={{ inlineSize: `${SIDE}px`, blockSize: `${SIDE}px` }} />;
};

const ExampleLink = ({ query, name }: { readonly query: string; readonly name: string }) => (
  <a
    href={href("playground", new URLSearchParams(query))}
    onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openExample(query);
      document.querySelector(".stage")?.scrollIntoView({ block: "nearest" });
    }}
  >
    {name}
  </a>
);

export const Cards = () => (
  <section class="cards" aria-label="Examples">
    {firstExamples.map(({ name, text, query }, i) => (
      <article key={name} class="card panel">
        <Thumbnail index={i} />
        <div>
          <h2>
            <ExampleLink query={query} name={name} />
          </h2>
          <p class="muted">{text}</p>
        </div>
      </article>
    ))}
    <details class="more-examples">
      <summary>{examples.length - firstExamples.length} more examples</summary>
      <ul>
        {examples.slice(firstExamples.length).map(({ name, text, query }) => (
          <li key={name}>
            <ExampleLink query={query} name={name} /> <span class="muted">{text}</span>
          </li>
        ))}
      </ul>
    </details>
  </section>
);
