import "./lessons.css";
import { route } from "../route.ts";
import { LessonPage } from "./lesson-page.tsx";
import { lessons } from "./list.ts";
import { Overview } from "./overview.tsx";

export const Page = () => {
  const name = route.value.path[1];
  if (name === undefined) return <Overview />;
  const index = lessons.findIndex((entry) => entry.name === name);
  return index < 0 ? (
    <>
      <h1>There is no lesson “{name}”</h1>
      <p>
        <a href="#/lessons">All lessons</a>
      </p>
    </>
  ) : (
    <LessonPage key={name} index={index} />
  );
};
