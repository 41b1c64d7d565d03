/** Paths of the checkout, for tests that look beyond the package. */
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../../../", import.meta.url));
