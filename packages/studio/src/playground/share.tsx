/** To take away: the link, the running example for another page, a film of what is shown. */
import { useRef, useState } from "preact/hooks";
import { embedCode } from "./embed.ts";
import { canRecord, type FilmKind, recordFilm } from "./film.ts";
import { copyableLink } from "./session.ts";

/** Milliseconds for which a button says that it has worked. */
const COPIED = 2000;

const CopyButton = ({
  name,
  done,
  text,
}: {
  readonly name: string;
  readonly done: string;
  readonly text: () => string;
}) => {
  const [said, say] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      say(done);
    } catch {
      // The clipboard may be forbidden; the address bar holds the same.
      say("Copy the address");
    }
    setTimeout(() => say(""), COPIED);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={() => void copy()}>
      {said || name}
    </button>
  );
};

const films = { webm: "film (WebM)", gif: "GIF, 30 seconds at most" } as const;

/** Records until it is pressed again. */
const FilmButton = ({
  kind,
  recorded,
  onChange,
}: {
  readonly kind: FilmKind;
  /** What is being recorded: one film at a time. */
  readonly recorded: FilmKind | undefined;
  readonly onChange: (recorded: FilmKind | undefined) => void;
}) => {
  const stop = useRef<() => void>(undefined);
  if (!canRecord(kind)) return null;
  const finish = (): void => {
    const end = stop.current;
    // What ends it may say that it is full.
    stop.current = undefined;
    onChange(undefined);
    end?.();
  };
  const begin = (): void => {
    stop.current = recordFilm(kind, finish);
    onChange(kind);
  };
  const isOn = recorded === kind;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      disabled={recorded !== undefined && !isOn}
      onClick={isOn ? finish : begin}
    >
      {isOn ? `Stop and save the ${kind === "gif" ? "GIF" : "film"}` : `Record a ${films[kind]}`}
    </button>
  );
};

const FilmButtons = () => {
  const [recorded, setRecorded] = useState<FilmKind>();
  return (Object.keys(films) as FilmKind[]).map((kind) => (
    <FilmButton key={kind} kind={kind} recorded={recorded} onChange={setRecorded} />
  ));
};

export const ShareMenu = () => (
  <details
    class="menu share"
    onKeyDown={(event) => {
      if (event.key === "Escape") event.currentTarget.open = false;
    }}
  >
    <summary class="pill">Share</summary>
    <div>
      <CopyButton name="Copy link" done="Link copied" text={copyableLink} />
      <CopyButton name="Copy code to embed it" done="Code copied" text={() => embedCode(copyableLink())} />
      <FilmButtons />
    </div>
  </details>
);
