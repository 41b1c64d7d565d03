/** Images on a canvas: one, a row or a grid, drawn pixel by pixel and enlarged by the browser. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Pixels, putImage } from "./pixels.ts";

interface ImageCanvasProps {
  /** Undefined while there is nothing to show; the space is kept. */
  readonly pixels: Pixels | undefined;
  /** The images from `first` on. */
  readonly first?: number;
  readonly count?: number;
  readonly columns?: number;
  readonly label: string;
}

/** Pixels between images. */
const GAP = 1;

export const ImageCanvas = ({ pixels, first = 0, count = 1, columns = 1, label }: ImageCanvasProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, height, width] = pixels?.shape ?? [1, 28, 28];
  const rows = Math.ceil(count / columns);
  const [cellWidth, cellHeight] = [width + GAP, height + GAP];
  useLayoutEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    if (pixels === undefined) return;
    for (let i = 0; i < count; i++) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      putImage(context, pixels, first + i, column * cellWidth, row * cellHeight);
    }
  }, [pixels, first, count, columns]);
  return (
    <canvas
      ref={canvas}
      class="pixels"
      role="img"
      aria-label={label}
      width={columns * cellWidth - GAP}
      height={rows * cellHeight - GAP}
    />
  );
};

interface ImagePickerProps
  extends Required<Pick<ImageCanvasProps, "pixels" | "count" | "columns" | "label">> {
  /** What is written on a chosen image, by index. */
  readonly marks: ReadonlyMap<number, string>;
  onPick(index: number): void;
}

/** A grid of images to choose from, by pointer or by the arrow keys and Enter. */
export const ImagePicker = ({ pixels, count, columns, label, marks, onPick }: ImagePickerProps) => {
  const [current, setCurrent] = useState(0);
  const cells = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      ArrowUp: current - columns,
      ArrowDown: current + columns,
      Home: 0,
      End: count - 1,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (target < 0 || target >= count) return;
    setCurrent(target);
    (cells.current?.children[target] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="picker">
      <ImageCanvas pixels={pixels} count={count} columns={columns} label={label} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside take the keys; they bubble up to here */}
      <div
        ref={cells}
        class="cells"
        style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        onKeyDown={onKeyDown}
      >
        {Array.from({ length: count }, (_, i) => {
          const mark = marks.get(i);
          return (
            <button
              key={i}
              type="button"
              tabIndex={i === current ? 0 : -1}
              disabled={pixels === undefined}
              aria-label={`Sample ${i + 1}${mark === undefined ? "" : `, chosen as ${mark}`}`}
              onFocus={() => setCurrent(i)}
              onClick={() => onPick(i)}
            >
              {mark !== undefined && <span>{mark}</span>}
            </button>
          );
        })}
      </div>
    </div>
  );
};
