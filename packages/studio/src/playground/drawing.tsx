/** Draws a distribution: dots along the pointer's path, or at a cross that the arrow keys move. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { isDark } from "../theme.ts";
import { MOST_POINTS, type Point, rounded, VIEW } from "./drawn-points.ts";
import { themeColors } from "./plot.ts";

const SIZE = 240;
/** Data units between dots of a stroke. */
const SPACING = 0.12;
const KEY_STEP = 0.1;

const onCanvas = (value: number): number => ((value + VIEW) / (2 * VIEW)) * SIZE;

export const Drawing = ({
  points,
  onChange,
}: {
  readonly points: readonly Point[];
  readonly onChange: (points: readonly Point[]) => void;
}) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const id = useId();
  const [stroke, setStroke] = useState<readonly Point[]>([]);
  const [cross, setCross] = useState<Point>();
  const drawing = useRef(false);
  const all = [...points, ...stroke];
  const dark = isDark();

  useEffect(() => {
    const element = canvas.current!;
    const scale = devicePixelRatio;
    element.width = SIZE * scale;
    element.height = SIZE * scale;
    const context = element.getContext("2d")!;
    const colors = themeColors(element.parentElement!);
    context.scale(scale, scale);
    context.fillStyle = colors.real;
    for (const [x, y] of all) {
      context.beginPath();
      context.arc(onCanvas(x), onCanvas(-y), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
    if (cross !== undefined) {
      const [x, y] = [onCanvas(cross[0]), onCanvas(-cross[1])];
      context.strokeStyle = colors.text;
      context.beginPath();
      context.moveTo(x - 6, y);
      context.lineTo(x + 6, y);
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
      context.stroke();
    }
  }, [points, stroke, cross, dark]);

  const at = (event: PointerEvent): Point => {
    const { width, height, left, top } = canvas.current!.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    return rounded([x * 2 * VIEW - VIEW, VIEW - y * 2 * VIEW]);
  };
  const add = (point: Point): void => {
    const last = stroke[stroke.length - 1];
    const near = last !== undefined && Math.hypot(point[0] - last[0], point[1] - last[1]) < SPACING;
    if (!near && all.length < MOST_POINTS) setStroke([...stroke, point]);
  };
  const finish = (): void => {
    drawing.current = false;
    if (stroke.length > 0) onChange(all);
    setStroke([]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [x, y] = cross ?? [0, 0];
    const moves: Readonly<Record<string, Point>> = {
      ArrowLeft: [x - KEY_STEP, y],
      ArrowRight: [x + KEY_STEP, y],
      ArrowUp: [x, y + KEY_STEP],
      ArrowDown: [x, y - KEY_STEP],
    };
    const moved = moves[event.key];
    if (moved !== undefined) setCross(rounded(moved));
    else if (event.key === "Enter" && points.length < MOST_POINTS) onChange([...points, rounded([x, y])]);
    else return;
    event.preventDefault();
  };

  return (
    <div class="drawing">
      <div
        role="application"
        aria-label="Drawing of the distribution"
        aria-describedby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys draw here
        tabIndex={0}
        onPointerDown={(event) => {
          drawing.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          add(at(event));
        }}
        onPointerMove={(event) => {
          if (drawing.current) add(at(event));
        }}
        onPointerUp={finish}
        onPointerCancel={finish}
        onFocus={() => setCross(cross ?? [0, 0])}
        onBlur={() => setCross(undefined)}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} style={{ width: `${SIZE}px`, height: `${SIZE}px` }} />
      </div>
      <p class="muted" id={id}>
        Draw with the pointer, or move the cross with the arrow keys and set dots with Enter. {all.length} of{" "}
        {MOST_POINTS} dots; each is a Gaussian of deviation σ.
      </p>
      <div class="row">
        <button type="button" disabled={points.length === 0} onClick={() => onChange(points.slice(0, -10))}>
          Undo 10 dots
        </button>
        <button type="button" disabled={points.length === 0} onClick={() => onChange([])}>
          Clear
        </button>
      </div>
    </div>
  );
};
