/** All lessons in order, each with a picture of what it shows. */
import { useEffect, useState } from "preact/hooks";
import { type FigureSpec, figure } from "tsgan/figure";
import { href } from "../route.ts";
import { isDark } from "../theme.ts";
import { initialOf } from "../ui/fields.ts";
import { type Entry, lessons } from "./list.ts";
import { Text } from "./text.tsx";

const PICTURE_WIDTH = 300;

/** One panel without words or numbers. */
const pictureOf = async ({ load }: Entry): Promise<FigureSpec> => {
  const { lesson } = await load();
  const { figures } = await lesson.show(initialOf(lesson.fields));
  const [whole, part] = lesson.picture;
  const panel = figures[whole].panels[part];
  return {
    legend: "none",
    panels: [
      {
        marks: panel.marks
          .filter(({ type }) => type !== "text")
          .map((mark) => (mark.type === "rule" ? { ...mark, label: undefined } : mark)),
        wide: true,
        aspect: panel.aspect === "equal" ? "equal" : 0.5,
        x: { ...panel.x, label: "", unit: undefined, ticks: [] },
        y: { ...panel.y, label: "", unit: undefined, ticks: [] },
      },
    ],
  };
};

const Picture = ({ entry }: { readonly entry: Entry }) => {
  const [spec, setSpec] = useState<FigureSpec>();
  useEffect(() => {
    // A lesson that cannot be loaded has no picture; its page says why.
    pictureOf(entry).then(setSpec, () => undefined);
  }, [entry]);
  const svg =
    spec === undefined ? "" : figure(spec, { width: PICTURE_WIDTH, theme: isDark() ? "dark" : "light" });
  return <div class="picture" aria-hidden="true" dangerouslySetInnerHTML={{ __html: svg }} />;
};

/** What to read of them where there is time for four. */
const SHORT_WAY = ["optimal-discriminator", "vanishing-gradient", "parallel-lines", "created-equal"] as const;

export const Overview = () => (
  <div class="lessons">
    <h1>Lessons</h1>
    <p class="lead">
      Why GANs are hard, and what was done about it, in {lessons.length} exhibits to play with. Every number
      is computed by the library; each lesson names its paper, asks a question whose answer is an experiment,
      and prints on one page.
    </p>
    <p class="lead">
      Read them in order: distances and the game first (1–3), then what goes wrong (4–7), then what was done
      about it (8–10), and how to tell whether it helped (11–12). In a hurry:{" "}
      {SHORT_WAY.map((name, i) => {
        const index = lessons.findIndex((entry) => entry.name === name);
        return (
          <span key={name}>
            {i > 0 && ", "}
            <a href={href(`lessons/${name}`)}>
              {index + 1} <Text>{lessons[index].title}</Text>
            </a>
          </span>
        );
      })}
      .
    </p>
    <ol class="cards">
      {lessons.map((entry, i) => (
        <li key={entry.name}>
          <a href={href(`lessons/${entry.name}`)}>
            <Picture entry={entry} />
            <h2>
              <span class="muted">{i + 1}</span> <Text>{entry.title}</Text>
            </h2>
            <p>
              <Text>{entry.question}</Text>
            </p>
          </a>
        </li>
      ))}
    </ol>
  </div>
);
