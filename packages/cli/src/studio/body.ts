/** What requests that change something carry: JSON of a bounded size, checked key by key. */
import type { IncomingMessage } from "node:http";
import type { RenameRequest, ResumeRequest, StartRequest } from "@tsgan/studio/api";
import * as z from "zod";
import { parseJson } from "./disk.ts";
import { Refusal } from "./reply.ts";

const LARGEST_BODY = 64 << 10;

export const startSchema = z.strictObject({
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  set: z.record(z.string(), z.unknown()).optional(),
}) satisfies z.ZodType<StartRequest>;
export const resumeSchema = z.strictObject({
  steps: z.int().min(1).max(1e12).optional(),
}) satisfies z.ZodType<ResumeRequest>;
export const renameSchema = z.strictObject({ name: z.string() }) satisfies z.ZodType<RenameRequest>;
export const nothingSchema = z.strictObject({});
export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY) throw new Refusal(413, `expected a body of at most ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  try {
    return parseJson(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new Refusal(400, `expected a body of JSON: ${error instanceof Error ? error.message : error}`);
  }
};

export const parsed = <Value>(schema: z.ZodType<Value>, value: unknown): Value => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new Refusal(
    400,
    `${path.length === 0 ? "body" : path.join(".")}: ${message.replace(/^Invalid input: /, "")}`,
  );
};
