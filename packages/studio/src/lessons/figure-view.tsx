/** A figure on the page: drawn by the library at the width there is, with handles over it, readings and downloads. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type FigureSpec, type Frame, figure, frames, plainText } from "tsgan/figure";
import { isDark } from "../theme.ts";
import { download } from "../ui/download.ts";
import { fitTexts } from "../ui/fit-text.ts";
import { svgToPng } from "../ui/svg-png.ts";
import { figureCsv, type Reading, readings } from "./figure-data.ts";
import type { Handle, State } from "./lesson.ts";
import { type Aside, spread } from "./spread.ts";
import { Text } from "./text.tsx";

/** Pixels of a downloaded figure. */
const DOWNLOAD_WIDTH = 900;

const KEYS: Readonly<Record<string, readonly [steps: number, axis: "x" | "y"]>> = {
  ArrowLeft: [-1, "x"],
  ArrowRight: [1, "x"],
  ArrowDown: [-1, "y"],
  ArrowUp: [1, "y"],
  PageDown: [-10, "y"],
  PageUp: [10, "y"],
  // Further than any range reaches: the bounds hold it.
  Home: [-1e6, "y"],
  End: [1e6, "y"],
};

interface HandleViewProps {
  readonly handle: Handle;
  readonly frame: Frame;
  /** Where it stands beside its place, in pixels, so that none covers another. */
  readonly aside: Aside;
  /** Given what a movement makes of the state as it then is. */
  readonly onMove: (move: (state: State) => State) => void;
}

const HandleView = ({ handle, frame, aside, onMove }: HandleViewProps) => {
  const { label, shape = "round", color, value } = handle;
  const [x, y] = [frame.x(handle.x), frame.y(handle.y)];
  /** From the handle's place to where the pointer took hold of it: it does not jump there. */
  const held = useRef({ x: 0, y: 0 });
  return (
    <div
      class={`handle ${shape} c${color}${aside.y === 0 ? "" : " aside"}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation={shape === "tall" ? "vertical" : "horizontal"}
      aria-valuenow={value.now}
      aria-valuemin={value.min}
      aria-valuemax={value.max}
      aria-valuetext={value.text}
      style={{
        left: `${x}px`,
        top: `${y + aside.y}px`,
        "--aside": `${Math.abs(aside.y)}px`,
        "--turn": aside.y < 0 ? 1 : -1,
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        held.current = { x: event.clientX - box.left - x, y: event.clientY - box.top - y };
        event.currentTarget.focus();
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        const [left, top] = [event.clientX - box.left, event.clientY - box.top];
        const at = frame.valuesAt(left - held.current.x, top - held.current.y);
        onMove((state) => handle.drag(state, at));
      }}
      onKeyDown={(event) => {
        const key = KEYS[event.key];
        if (key === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const steps = key[0] * (event.shiftKey ? 10 : 1);
        onMove((state) => handle.nudge(state, steps, key[1]));
      }}
    />
  );
};

const Tip = ({ found, left, top }: { found: readonly Reading[]; left: number; top: number }) => (
  <div class="tip" role="status" style={{ left: `${left}px`, top: `${top}px` }}>
    {found.map(({ label, x, y }) => (
      <div key={label}>
        <Text>{label}</Text> ({x}, {y})
      </div>
    ))}
  </div>
);

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Along the panel, and to another panel. */
const STEPS_OF_READING: Readonly<Record<string, readonly [along: number, panel: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Parts of a panel's width that a key moves by. */
const PARTS = 100;

/** Where values are read after a key: the first time in the middle of the first panel. */
const movedIn = (
  frames: readonly Frame[],
  from: Place | undefined,
  [along, panel]: readonly [number, number],
  isFar: boolean,
): Place => {
  const at = frames.findIndex(
    ({ left, top, width, height }) =>
      from !== undefined &&
      from.x >= left &&
      from.x <= left + width &&
      from.y >= top &&
      from.y <= top + height,
  );
  const { left, top, width, height } = frames[Math.min(frames.length - 1, Math.max(0, at + panel))];
  const part = at < 0 ? 0.5 : (from!.x - frames[at].left) / frames[at].width;
  const moved = part + ((isFar ? 10 : 1) * along) / PARTS;
  return { x: left + Math.min(1, Math.max(0, moved)) * width, y: top + height / 3 };
};

interface FigureViewProps {
  readonly spec: FigureSpec;
  readonly handles: readonly Handle[];
  readonly fileName: string;
  /** Given what a movement makes of the state as it then is. */
  readonly onMove: (move: (state: State) => State) => void;
}

export const FigureView = ({ spec, handles, fileName, onMove }: FigureViewProps) => {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [pointer, setPointer] = useState<Place>();
  const theme = isDark() ? "dark" : "light";
  useLayoutEffect(() => {
    const paper = matchMedia("print");
    // On paper all panels stand side by side, small.
    const measure = () =>
      setWidth(paper.matches ? DOWNLOAD_WIDTH : Math.max(240, Math.floor(box.current!.clientWidth)));
    measure();
    paper.addEventListener("change", measure);
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      paper.removeEventListener("change", measure);
    };
  }, []);
  // A finger does not hover: where it touches is read, until something else is touched.
  const isRead = pointer !== undefined;
  useEffect(() => {
    if (!isRead) return;
    const elsewhere = ({ target }: PointerEvent): void => {
      if (!box.current!.contains(target as Node)) setPointer(undefined);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [isRead]);
  const drawn = useMemo(
    () =>
      width === 0 ? undefined : { svg: figure(spec, { width, theme }), frames: frames(spec, { width }) },
    [spec, width, theme],
  );
  useLayoutEffect(() => fitTexts(box.current!), [drawn]);
  const panel =
    pointer === undefined
      ? -1
      : (drawn?.frames.findIndex(
          ({ left, top, width, height }) =>
            pointer.x >= left && pointer.x <= left + width && pointer.y >= top && pointer.y <= top + height,
        ) ?? -1);
  const found =
    pointer === undefined || panel < 0 || drawn === undefined
      ? []
      : readings(spec.panels[panel], drawn.frames[panel], pointer.x);
  const asides =
    drawn === undefined
      ? []
      : spread(
          handles.map(({ panel, x, y }) => ({ x: drawn.frames[panel].x(x), y: drawn.frames[panel].y(y) })),
        );
  const readAt = ({
    currentTarget,
    clientX,
    clientY,
  }: Pick<PointerEvent, "clientX" | "clientY"> & { readonly currentTarget: Element }): void => {
    const { left, top } = currentTarget.getBoundingClientRect();
    setPointer({ x: clientX - left, y: clientY - top });
  };
  const title = plainText(spec.title ?? "Figure");
  const save = (): string => figure(spec, { width: DOWNLOAD_WIDTH, theme });
  return (
    <figure class="lesson-figure" aria-label={title}>
      {/* biome-ignore lint/a11y/useSemanticElements: it is no set of fields */}
      <div
        class={`drawing tsgan-${theme}`}
        ref={box}
        onPointerMove={readAt}
        onPointerDown={readAt}
        onPointerLeave={({ pointerType }) => {
          if (pointerType !== "touch") setPointer(undefined);
        }}
        role="group"
        aria-label={`${title}. Arrow keys read its values.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its values are read by keyboard, too
        tabIndex={0}
        onKeyDown={(event) => {
          const step = STEPS_OF_READING[event.key];
          if (step === undefined || event.target !== event.currentTarget || drawn === undefined) return;
          event.preventDefault();
          setPointer(movedIn(drawn.frames, pointer, step, event.shiftKey));
        }}
        onBlur={() => setPointer(undefined)}
      >
        {drawn !== undefined && (
          <>
            <div dangerouslySetInnerHTML={{ __html: drawn.svg }} />
            {handles.map((handle, i) => (
              <HandleView
                key={handle.label}
                handle={handle}
                aside={asides[i]}
                frame={drawn.frames[handle.panel]}
                onMove={onMove}
              />
            ))}
            {found.length > 0 && (
              <Tip found={found} left={Math.min(pointer!.x + 14, width - 190)} top={pointer!.y + 14} />
            )}
          </>
        )}
      </div>
      <div class="downloads">
        <button type="button" onClick={() => download(`${fileName}.svg`, save(), "image/svg+xml")}>
          SVG
        </button>
        <button
          type="button"
          onClick={() => void svgToPng(save()).then((png) => download(`${fileName}.png`, png, "image/png"))}
        >
          PNG
        </button>
        <button type="button" onClick={() => download(`${fileName}.csv`, figureCsv(spec), "text/csv")}>
          CSV
        </button>
      </div>
    </figure>
  );
};
