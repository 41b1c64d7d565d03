/** Images on a canvas: one, a row or a grid, drawn pixel by pixel and enlarged by the browser. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { drawGrid, gridSize, type ImageShape, type Pixels } from "./pixels.ts";

interface ImageCanvasProps {
  /** Undefined while there is nothing to show; the space is kept. */
  readonly pixels: Pixels | undefined;
  /** The images from `first` on. */
  readonly first?: number;
  readonly count?: number;
  readonly columns?: number;
  readonly label: string;
}

/** A square, while the shape is not known. */
const UNKNOWN: ImageShape = [1, 28, 28];

export const ImageCanvas = ({ pixels, first = 0, count = 1, columns = 1, label }: ImageCanvasProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = gridSize(pixels?.shape ?? UNKNOWN, count, columns);
  useLayoutEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    context.clearRect(0, 0, width, height);
    if (pixels !== undefined) drawGrid(context, pixels, first, count, columns);
  }, [pixels, first, count, columns]);
  return <canvas ref={canvas} class="pixels" role="img" aria-label={label} width={width} height={height} />;
};

interface ImagePickerProps
  extends Required<Pick<ImageCanvasProps, "pixels" | "count" | "columns" | "label">> {
  /** The class of an image, where it has a name. */
  readonly nameOf?: (index: number) => string | undefined;
  /** What is written on a chosen image, by index. */
  readonly marks: ReadonlyMap<number, string>;
  onPick(index: number): void;
}

/** A grid of images to choose from, by pointer or by the arrow keys and Enter. */
export const ImagePicker = ({ pixels, count, columns, label, marks, nameOf, onPick }: ImagePickerProps) => {
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
          const name = nameOf?.(i);
          return (
            <button
              key={i}
              type="button"
              tabIndex={i === current ? 0 : -1}
              disabled={pixels === undefined}
              aria-label={`Sample ${i + 1}${name === undefined ? "" : `: ${name}`}${mark === undefined ? "" : `, chosen as ${mark}`}`}
              title={name}
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
