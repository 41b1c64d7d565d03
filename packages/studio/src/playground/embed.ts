/** The page as a frame of somebody else's page or slides. */
export const embedCode = (link: string): string => {
  const url = new URL(link);
  url.search = "?embed";
  return `<iframe src="${url.href.replaceAll("&", "&amp;")}" width="640" height="720" title="A GAN learns" style="border: 0"></iframe>`;
};
