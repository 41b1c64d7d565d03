/** `<tsgan-sampler src="generator.onnx">`: samples of an exported or imported generator, in any page and framework. */
import { RunError } from "../errors.ts";
import { type Generator, openGenerator } from "../train/generator-file.ts";

const COUNT = 16;

/** Images [count, channels, height, width] in [−1, 1] as rows of so many. */
const draw = (
  canvas: HTMLCanvasElement,
  images: Float32Array,
  [channels, height, width]: readonly number[],
  columns: number,
): void => {
  const area = height * width;
  const count = images.length / (channels * area);
  canvas.width = columns * width;
  canvas.height = Math.ceil(count / columns) * height;
  const context = canvas.getContext("2d");
  for (let n = 0; n < count; n++) {
    const pixels = new ImageData(width, height);
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) {
        const value = images[(n * channels + Math.min(c, channels - 1)) * area + i];
        pixels.data[4 * i + c] = Math.round((value + 1) * 127.5);
      }
      pixels.data[4 * i + 3] = 255;
    }
    context?.putImageData(pixels, (n % columns) * width, Math.floor(n / columns) * height);
  }
};

/** A number that an attribute says; the other where it says none. */
const numberOf = (element: Element, name: string, least: number, other: number): number => {
  const value = Number(element.getAttribute(name) ?? Number.NaN);
  return Number.isInteger(value) && value >= least ? value : other;
};

const load = async (src: string): Promise<Generator> => {
  const response = await fetch(src);
  if (!response.ok)
    throw new RunError(`${src}: expected a generator; got ${response.status}; look at the address`);
  const generator = await openGenerator(new Uint8Array(await response.arrayBuffer()), src);
  if (generator.facts.shape.length === 3) return generator;
  await generator.dispose();
  throw new RunError(
    `${src}: expected a generator of images; got one of [${generator.facts.shape.join(", ")}]`,
  );
};

/**
 * Makes the element known to the page, once. Its attributes: `src`, the address of a generator.onnx; `count` of images, 16 without;
 * `seed`, 1 without; `columns`, the root of the count without, or one for each class. A change of any draws anew. What goes wrong is its
 * text, and an event `error`; `load` follows a picture. In React and others it is written as any element.
 *
 * @param name of the element
 */
export const defineSampler = (name = "tsgan-sampler"): void => {
  if (customElements.get(name) !== undefined) return;
  class Sampler extends HTMLElement {
    static readonly observedAttributes = ["src", "count", "seed", "columns"];
    #canvas = document.createElement("canvas");
    #opened: { readonly src: string; readonly generator: Promise<Generator> } | undefined;
    /** One picture after the other: what is asked for meanwhile is drawn last. */
    #turn = Promise.resolve();
    #asked = 0;

    connectedCallback(): void {
      this.style.display ||= "inline-block";
      this.#canvas.style.cssText = "width: 100%; image-rendering: pixelated";
      this.#canvas.setAttribute("role", "img");
      this.#canvas.setAttribute("aria-label", this.getAttribute("aria-label") ?? "Samples of a generator");
      this.#ask();
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#ask();
    }

    disconnectedCallback(): void {
      this.#close();
    }

    #close(): void {
      this.#opened?.generator.then((generator) => generator.dispose()).catch(() => {});
      this.#opened = undefined;
    }

    #ask(): void {
      const asked = ++this.#asked;
      this.#turn = this.#turn.then(() =>
        asked === this.#asked && this.isConnected ? this.#draw() : undefined,
      );
    }

    async #draw(): Promise<void> {
      const src = this.getAttribute("src");
      if (src === null || src === "") return;
      try {
        if (this.#opened?.src !== src) {
          this.#close();
          this.#opened = { src, generator: load(src) };
        }
        const generator = await this.#opened.generator;
        const count = numberOf(this, "count", 1, COUNT);
        const { examples } = await generator.sample(count, numberOf(this, "seed", 0, 1));
        const { shape, classes } = generator.facts;
        const columns = numberOf(this, "columns", 1, Math.min(count, classes ?? Math.ceil(Math.sqrt(count))));
        draw(this.#canvas, examples, shape, columns);
        this.replaceChildren(this.#canvas);
        this.dispatchEvent(new Event("load"));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#opened = undefined;
        this.textContent = message;
        this.dispatchEvent(new ErrorEvent("error", { message }));
      }
    }
  }
  customElements.define(name, Sampler);
};
