/** Lets the page work without a network from the second visit on. */

/** After the page has what it needs: the first visit is not slowed. */
export const workOffline = (): void => {
  // There on secure addresses alone; while the page is being worked on nothing is kept.
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const register = (): void => {
    navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => {
      // A host or a browser that allows none: the page works as it did, with a network.
    });
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
};
