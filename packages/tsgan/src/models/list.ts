/** The built-in models: one row each. */
export { acgan } from "./acgan.ts";
export { began } from "./began.ts";
export { cgan } from "./cgan.ts";
export { ctgan } from "./ctgan.ts";
export { cyclegan } from "./cyclegan.ts";
export { dcgan } from "./dcgan.ts";
export { ebgan } from "./ebgan.ts";
export { gan2014 } from "./gan-2014.ts";
export { infogan } from "./infogan.ts";
export { mlp } from "./mlp.ts";
export { pix2pix } from "./pix2pix.ts";
export { r3gan } from "./r3gan.ts";
export { resnet } from "./resnet.ts";
export { sgan } from "./sgan.ts";
export { sngan } from "./sngan.ts";
export { studyNet } from "./study-net.ts";
export { tvae } from "./tvae.ts";
