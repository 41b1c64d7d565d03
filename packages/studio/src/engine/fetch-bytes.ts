/** Downloads that show how far they are. */

export interface LoadProgress {
  readonly loaded: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly total: number | undefined;
}

/** The content of a file of the site. */
export const fetchBytes = async (
  url: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<ArrayBuffer> => {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`${new URL(url, location.href).pathname}: the server answered ${response.status}`);
  }
  // The length of a compressed answer is not that of what is read from it.
  const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const total = length === null ? undefined : Number(length);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    onProgress({ loaded, total });
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.buffer;
};
