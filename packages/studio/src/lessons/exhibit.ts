/** Results of experiments that train for too long to run while a page is read. */
export interface Exhibit<Data> {
  /** With which `tsgan theory` gives these data. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: Data;
}

export const ORIGIN =
  "The networks of this lesson were trained beforehand, by this library; what you move is what is looked at. " +
  "The numbers are rounded to four digits.";

/** Loads an exhibit when it is first asked for. */
export const exhibitOf = <Data>(
  load: () => Promise<{ readonly default: string }>,
): (() => Promise<Exhibit<Data>>) => {
  let loaded: Promise<Exhibit<Data>> | undefined;
  return () => {
    loaded ??= load().then((text) => JSON.parse(text.default));
    return loaded;
  };
};
