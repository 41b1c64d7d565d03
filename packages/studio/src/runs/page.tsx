/** The runs of this machine, live. They come from the server of `tsgan studio`; a plain web host has none. */
import "./runs.css";
import { useEffect } from "preact/hooks";
import { route } from "../route.ts";
import { connect, connection, session } from "./connection.ts";
import { UndoNotice } from "./run-actions.tsx";
import { RunListView } from "./run-list.tsx";
import { RunView } from "./run-view.tsx";
import { StudyView } from "./study-view.tsx";

/** Colours of a chart. */
const MOST_RUNS = 12;

const NoServer = () => (
  <>
    <h1>Runs</h1>
    <div class="notice">
      <p>
        This page shows training runs of your own machine: their curves and samples as they are made, and what
        sets them apart. It needs the studio's local server, which this web host is not. With Node.js, in a
        folder of yours:
      </p>
      <pre>npx tsgan studio</pre>
      <p>
        and open the address that it prints. It shows the runs in the folder <code>runs</code>; another one is{" "}
        <code>npx tsgan studio --runs FOLDER</code>.
      </p>
    </div>
  </>
);

export const Page = () => {
  useEffect(connect, []);
  const { query } = route.value;
  const study = query.get("study");
  const shown = [...new Set(query.getAll("show"))].slice(0, MOST_RUNS);
  if (connection.value === "none") return <NoServer />;
  return (
    <div class="runs">
      {connection.value === "lost" && (
        <p class="notice error lost" role="status">
          The studio's server does not answer. This page goes on as soon as it does.
        </p>
      )}
      <UndoNotice />
      {session.value === undefined ? (
        <>
          <h1>Runs</h1>
          <p class="muted loading">Asking the studio's server …</p>
        </>
      ) : shown.length > 0 ? (
        <RunView key={shown.join("\n")} ids={shown} />
      ) : study !== null ? (
        <StudyView key={study} id={study} />
      ) : (
        <RunListView />
      )}
    </div>
  );
};
