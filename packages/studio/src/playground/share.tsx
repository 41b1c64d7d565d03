/** To take away: the link, the running example for another page, a film of what is shown. */
import { useRef, useState } from "preact/hooks";
import { canRecord, recordFilm } from "./film.ts";
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

/** The page as a frame of somebody else's page or slides. */
export const embedCode = (link: string): string => {
  const url = new URL(link);
  url.search = "?embed";
  return `<iframe src="${url.href.replaceAll("&", "&amp;")}" width="640" height="720" title="A GAN learns" style="border: 0"></iframe>`;
};

const FilmButton = () => {
  const stop = useRef<() => void>(undefined);
  const [recording, setRecording] = useState(false);
  if (!canRecord()) return null;
  const toggle = (): void => {
    if (stop.current !== undefined) {
      stop.current();
      stop.current = undefined;
      setRecording(false);
      return;
    }
    stop.current = recordFilm();
    setRecording(true);
  };
  return (
    <button type="button" aria-pressed={recording} onClick={toggle}>
      {recording ? "Stop and save the film" : "Record a film (WebM)"}
    </button>
  );
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
      <FilmButton />
    </div>
  </details>
);
