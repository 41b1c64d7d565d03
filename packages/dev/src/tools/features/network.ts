/** The network of colour features: four strided convolutions, whose means over positions are what heads and features are made of. */
import { avgPool2d, concat, flatten, mean, type Tensor } from "tsgan/graph";
import { heInit, type Layer, layers, type Scope } from "tsgan/nn";
import { KINDS } from "./spoil.ts";

const stage = (filters: number, kernel: 3 | 5): Layer =>
  layers.sequential(
    layers.conv2d(filters, { kernel, stride: 2, padding: kernel >> 1, bias: false, init: heInit() }),
    layers.batchNorm(),
    layers.relu(),
  );

const first = stage(16, 5);
const rest = [32, 64, 128].map((filters) => stage(filters, 3));

export interface Seen {
  /** Means over positions of the maps of sides 16 and 8, and of the quarters of the one of side 4: [N, 32 + 64 + 4 · 128]. */
  readonly features: Tensor;
  readonly logits: Tensor;
  /** How much each kind of spoiling was done, as it is guessed: [N, kinds]. */
  readonly levels: Tensor;
}

export const network =
  (classes: number) =>
  (image: Tensor, scope: Scope): Seen => {
    let map = first(image, scope.child("first"));
    const means = rest.map((layer, i) => {
      map = layer(map, scope.child(`stage${i}`));
      return mean(map, [2, 3]);
    });
    const all = concat(means, 1);
    return {
      features: concat([...means.slice(0, -1), flatten(avgPool2d(map, 2))], 1),
      logits: layers.dense(classes)(layers.dropout(0.2)(all, scope.child("dropout")), scope.child("classes")),
      levels: layers.dense(KINDS.length)(all, scope.child("levels")),
    };
  };
