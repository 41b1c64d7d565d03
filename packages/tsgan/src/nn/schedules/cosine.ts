import { defineSchedule } from "../schedule.ts";
import { spanned, spanOptions } from "./span.ts";

/** `from` + (`to` − `from`) · (1 − cos πs) / 2, half a cosine (Loshchilov & Hutter 2017, arXiv:1608.03983). */
export const cosine = defineSchedule({
  name: "cosine",
  title: "along half a cosine from one value to another",
  options: spanOptions,
  create: spanned((progress) => (1 - Math.cos(Math.PI * progress)) / 2),
});
