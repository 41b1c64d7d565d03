/** ONNX Runtime without tsgan, as whoever receives an exported generator would use it. */
import { InferenceSession, Tensor } from "onnxruntime-web";
import { answerTasks } from "./tasks.ts";

answerTasks({
  images: async (model: string, z: number[], batch: number) => {
    const session = await InferenceSession.create(model);
    const { image } = await session.run({
      z: new Tensor("float32", Float32Array.from(z), [batch, z.length / batch]),
    });
    await session.release();
    return { dims: image.dims, data: [...(image.data as Float32Array)] };
  },
});
