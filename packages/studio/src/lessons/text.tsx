/** Texts with the figures' markup, and words in the colours of what they stand for. */
import { parseRuns } from "tsgan/figure";

const TAGS = { none: undefined, sub: "sub", super: "sup" } as const;

/** `p_{g}` with its subscript lowered. */
export const Text = ({ children }: { readonly children: string }) => (
  <>
    {parseRuns(children).map(({ text, script }, i) => {
      const Tag = TAGS[script];
      return Tag === undefined ? text : <Tag key={i}>{text}</Tag>;
    })}
  </>
);

/** Words that have a colour in every lesson's figure: the text is its first legend. */
const MEANT: Readonly<Record<string, string>> = {
  P: "real-word",
  Q: "made-word",
  real: "real-word",
  generated: "made-word",
  generator: "made-word",
  discriminator: "disc-word",
  critic: "disc-word",
};
const MEANT_WORD = new RegExp(`\\b(${Object.keys(MEANT).join("|")})\\b`);

/** A text in which each such word is coloured where it first stands. */
export const Legend = ({ children }: { readonly children: string }) => {
  const told = new Set<string>();
  return (
    <>
      {children.split(MEANT_WORD).map((part, i) => {
        if (i % 2 === 0 || told.has(part)) return <Text key={i}>{part}</Text>;
        told.add(part);
        return (
          <span key={i} class={MEANT[part]}>
            {part}
          </span>
        );
      })}
    </>
  );
};
