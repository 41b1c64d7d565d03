/** The images page: train a small GAN in the browser, and walk through its latent space. */
import { Problem } from "../ui/problem.tsx";
import "./images.css";
import { useEffect } from "preact/hooks";
import { Confirm } from "./confirm.tsx";
import { ExplorerView } from "./explorer-view.tsx";
import { RunView } from "./run-view.tsx";
import { environment, pause } from "./run-worker.ts";
import { follow, initialise } from "./session.ts";
import { SettingsForm } from "./settings-form.tsx";
import { address, problem, status } from "./state.ts";

initialise();

export const Page = () => {
  useEffect(follow, []);
  useEffect(() => () => void pause(), []);
  return (
    <div class="images">
      <h1>
        Turn noise into <span class="made-word">new images</span> like the{" "}
        <span class="real-word">real ones</span> that you choose.
      </h1>
      <p class="muted lead">
        A GAN is trained here, in this page. Nothing that you train, drop or show to the camera leaves it.
      </p>
      <p class="visually-hidden" role="status" aria-live="polite">
        {status.value}
      </p>
      {address.notices.value.length > 0 && <p class="notice">{address.notices.value.join(" ")}</p>}
      {environment.value?.wasmProblem !== undefined && (
        <p class="notice error">
          Nothing can be trained or explored here. {environment.value.wasmProblem} The losses and samples of a
          run that this browser has kept still show.
        </p>
      )}
      <div class="workbench">
        <SettingsForm />
        <RunView />
      </div>
      <ExplorerView />
      <Confirm />
      <Problem of={problem} class="toast" />
    </div>
  );
};
