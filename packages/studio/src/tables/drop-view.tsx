/** Before there is a table: where one is dropped or chosen, and tables to try. */
import { messageOf } from "../engine/message-of.ts";
import { FileButton } from "../ui/file-button.tsx";
import { exampleTables } from "./examples.ts";
import { openTable } from "./session.ts";
import { busy, problem } from "./state.ts";

const TYPES = ".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain";

export const TableButton = ({ label, primary = false }: { label: string; primary?: boolean }) => (
  <FileButton
    label={label}
    accept={TYPES}
    primary={primary}
    disabled={busy.value !== undefined}
    onChoose={(file) => void openTable({ name: file.name, content: file })}
  />
);

/** Nearly the same heights, as a line of steps. */
const outline = (heights: readonly number[]): string =>
  `M1 38${heights.map((height, i) => `V${38 - 4 * (height + (i % 3 === 0 ? -0.6 : 0.5))}H${10 * i + 10}`).join("")}V38`;

export const DropView = () => (
  <>
    <section class="drop panel" aria-labelledby="drop-title">
      <svg class="drop-picture" viewBox="0 0 120 64" aria-hidden="true">
        {[0, 1, 2, 3].map((row) => (
          <rect key={row} class="real-fill" x="4" y={6 + 14 * row} width="42" height="8" rx="2" />
        ))}
        <path class="arrow" d="M54 32h10m-4-4 4 4-4 4" />
        {[0, 1, 2, 3].map((row) => (
          <rect key={row} class="made-fill" x="74" y={6 + 14 * row} width="42" height="8" rx="2" />
        ))}
      </svg>
      <h2 id="drop-title">Drop a CSV here</h2>
      <TableButton label="Choose a file" primary />
      <p class="muted">Columns of any kind, up to 50 MB, with commas, semicolons or tabs.</p>
    </section>
    <h2>Or try one of these</h2>
    <ul class="examples">
      {exampleTables.map(({ name, title, promise, picture, load }) => (
        <li key={name}>
          <button
            type="button"
            disabled={busy.value !== undefined}
            onClick={() =>
              void load().then(
                (content) => openTable({ name, content }),
                (error: unknown) => {
                  problem.value = messageOf(error);
                },
              )
            }
          >
            <svg viewBox="0 0 80 40" aria-hidden="true">
              {picture.map((height, i) => (
                <rect
                  key={i}
                  class="real-fill"
                  x={10 * i + 1}
                  y={38 - 4 * height}
                  width="8"
                  height={4 * height}
                />
              ))}
              <path class="made-line" d={outline(picture)} />
            </svg>
            <span>
              <strong>{title}</strong>
              <span class="muted">{promise}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  </>
);
