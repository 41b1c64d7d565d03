import type { Theme } from "vitepress";
// The letters are the system's.
import DefaultTheme from "vitepress/theme-without-fonts";
import LiveFigure from "./LiveFigure.vue";
import Picture from "./Picture.vue";
import RingDemo from "./RingDemo.vue";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component("LiveFigure", LiveFigure);
    app.component("Picture", Picture);
    app.component("RingDemo", RingDemo);
  },
};

export default theme;
