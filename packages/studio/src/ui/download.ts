/** Hands a file to the browser's downloads. Nothing leaves the machine. */
export const download = (name: string, content: BlobPart, type: string): void => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file by the time the next task runs in all that were tried; a minute is safe in any.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
