/** What can be done to a run beside training it: tags and a note, another name, away with it, and back. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Deleted, Notes, RunSummary, Started } from "../api.ts";
import { messageOf } from "../engine/message-of.ts";
import { FieldControl, TextControl } from "../ui/controls.tsx";
import { fieldsOf } from "../ui/fields.ts";
import { Menu } from "../ui/menu.tsx";
import { change, idPart, read, useLive } from "./connection.ts";
import { runName } from "./start-request.ts";

interface Undo {
  readonly text: string;
  readonly act: () => Promise<void>;
}

/** The last change that can be taken back. */
const undo = signal<Undo | undefined>(undefined);
const problem = signal<string | undefined>(undefined);

const attempt = async (act: () => Promise<void>): Promise<boolean> => {
  problem.value = undefined;
  try {
    await act();
    return true;
  } catch (error) {
    problem.value = messageOf(error);
    return false;
  }
};

const rename = (id: string, name: string): Promise<Started> =>
  change<Started>(`runs/${idPart(id)}/rename`, { name });

const nameOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

/** @param onMoved told of the run's new id; undefined after it was deleted */
const actionsOf = (id: string, onMoved: (id: string | undefined) => void) => ({
  rename: (name: string) =>
    attempt(async () => {
      const renamed = await rename(id, name);
      onMoved(renamed.id);
      undo.value = {
        text: `${id} is now ${renamed.id}.`,
        act: async () => onMoved((await rename(renamed.id, nameOf(id))).id),
      };
    }),
  remove: () =>
    attempt(async () => {
      const { key } = await change<Deleted>(`runs/${idPart(id)}/delete`, {});
      onMoved(undefined);
      undo.value = {
        text: `${id} is in the trash.`,
        act: async () => onMoved((await change<Started>(`trash/${key}/restore`, {})).id),
      };
    }),
  note: (notes: Notes) =>
    attempt(async () => {
      await change(`runs/${idPart(id)}/notes`, notes);
    }),
});

const tagsOf = (written: string): string[] => [
  ...new Set(
    written
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
];

type Asked = "name" | "notes";

const { name: nameField } = fieldsOf({ name: runName });

const Dialog = ({
  run,
  asked,
  actions,
  onClose,
}: {
  readonly run: RunSummary;
  readonly asked: Asked;
  readonly actions: ReturnType<typeof actionsOf>;
  readonly onClose: () => void;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [name, setName] = useState<string | undefined>(nameOf(run.id));
  const [tags, setTags] = useState((run.tags ?? []).join(", "));
  const [note, setNote] = useState(run.note ?? "");
  const save = async (): Promise<void> => {
    const isDone =
      asked === "name"
        ? await actions.rename(name ?? nameOf(run.id))
        : await actions.note({ tags: tagsOf(tags), note: note.trim() });
    if (isDone) dialog.current?.close();
  };
  return (
    <dialog
      class="run-dialog"
      ref={dialog}
      aria-label={asked === "name" ? "Rename" : "Tags and note"}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{run.id}</h2>
        {asked === "name" ? (
          <FieldControl label="New name" field={nameField} value={name} onChange={setName} />
        ) : (
          <>
            <TextControl
              label="Tags, with commas between them"
              longest={400}
              value={tags}
              onChange={setTags}
            />
            <label>
              <span>Note</span>
              <textarea
                rows={5}
                maxLength={4000}
                value={note}
                onInput={({ currentTarget }) => setNote(currentTarget.value)}
              />
            </label>
          </>
        )}
        {problem.value !== undefined && (
          <p class="problem" role="alert">
            {problem.value}
          </p>
        )}
        <div class="row">
          <button type="submit" class="primary">
            {asked === "name" ? "Rename" : "Save"}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
};

export const RunMenu = ({
  run,
  onMoved,
}: {
  readonly run: RunSummary;
  readonly onMoved: (id: string | undefined) => void;
}) => {
  const [asked, setAsked] = useState<Asked>();
  const actions = actionsOf(run.id, onMoved);
  const isIdle = run.study === undefined && run.state !== "running" && run.state !== "starting";
  const why = run.study === undefined ? "Stop it first." : "Its study counts on it.";
  return (
    <>
      <Menu label="Change" name={`Change ${run.id}`} class="actions">
        {(closing) => {
          const item = (label: string, act: () => void, isOff: boolean) => (
            <button
              type="button"
              disabled={isOff}
              title={isOff ? why : undefined}
              onClick={closing(() => {
                problem.value = undefined;
                act();
              })}
            >
              {label}
            </button>
          );
          return (
            <>
              {item("Tags and note", () => setAsked("notes"), run.version === "")}
              {item("Rename", () => setAsked("name"), !isIdle || run.version === "")}
              {item("Delete", () => void actions.remove(), !isIdle || run.version === "")}
            </>
          );
        }}
      </Menu>
      {asked !== undefined && (
        <Dialog run={run} asked={asked} actions={actions} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
};

/** Tags, each a search for it, and the note. */
export const NotesOf = ({
  run,
  search,
}: {
  readonly run: RunSummary;
  readonly search: (tag: string) => string;
}) => (
  <>
    {run.tags !== undefined && (
      <span class="tags">
        {run.tags.map((tag) => (
          <a key={tag} class="tag" href={search(tag)}>
            {tag}
          </a>
        ))}
      </span>
    )}
    {run.note !== undefined && <span class="note">{run.note}</span>}
  </>
);

/** The last change, with its undoing, or what went wrong. */
export const UndoNotice = () => {
  const last = undo.value;
  const notice = useRef<HTMLDivElement>(null);
  // What had the focus goes with the run, or becomes another's.
  useEffect(() => {
    if (last !== undefined) notice.current?.querySelector("button")?.focus();
  }, [last]);
  if (last === undefined && problem.value === undefined) return null;
  const clear = (): void => {
    undo.value = undefined;
    problem.value = undefined;
  };
  return (
    <div class="notice undo" role="status" ref={notice}>
      <span>{problem.value ?? last?.text}</span>
      {problem.value === undefined && (
        <button
          type="button"
          onClick={() => {
            undo.value = undefined;
            void attempt(last!.act);
          }}
        >
          Undo
        </button>
      )}
      <button type="button" onClick={clear}>
        Close
      </button>
    </div>
  );
};

/** What was deleted, until it is emptied. */
export const Trash = () => {
  const [deleted, setDeleted] = useState<readonly Deleted[]>([]);
  const { reload } = useLive(
    "trash",
    async (abort) => setDeleted(await read<readonly Deleted[]>("trash", abort)),
    ({ listed }) => listed,
  );
  if (deleted.length === 0) return null;
  const act = (path: string): void => {
    undo.value = undefined;
    void attempt(async () => {
      await change(path, {});
      reload();
    });
  };
  return (
    <details class="trash">
      <summary>Trash: {deleted.length}</summary>
      <ul>
        {deleted.map(({ key, id, at }) => (
          <li key={key}>
            {id} <span class="muted">{new Date(at).toLocaleString("en-GB")}</span>{" "}
            <button type="button" onClick={() => act(`trash/${key}/restore`)}>
              Put back
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => act("trash/empty")}>
        Empty the trash for good
      </button>
    </details>
  );
};
