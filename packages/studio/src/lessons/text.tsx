/** Texts with the figures' markup. */
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
