/** An SVG document as a PNG image, with `scale` times as many pixels across as it has units. */
export const svgToPng = async (svg: string, scale = 2): Promise<Blob> => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("the image cannot be encoded")) : resolve(blob)),
      "image/png",
    ),
  );
};
