/** The camera as a source of images: what it sees becomes images of one's own, and stays in this page. */
import { useEffect, useRef, useState } from "preact/hooks";
import { messageOf } from "../engine/message-of.ts";
import { TextControl } from "../ui/controls.tsx";
import { addPictures } from "./files.ts";
import { planesOf } from "./own-images.ts";
import { busy } from "./state.ts";

/** Pictures of a series, and milliseconds between them. */
const SERIES = 32;
const EVERY = 200;

const stop = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

const View = ({ onClose }: { readonly onClose: () => void }) => {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<string>();
  const [left, setLeft] = useState(0);
  const [isReady, setIsReady] = useState(false);
  const [className, setClassName] = useState("");

  useEffect(() => {
    let stream: MediaStream | undefined;
    let ended = false;
    const open = async (): Promise<void> => {
      if (navigator.mediaDevices === undefined) {
        throw new Error("this page may not use a camera: it must be served from this machine or by https");
      }
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      if (ended) {
        stop(stream);
        return;
      }
      video.current!.srcObject = stream;
      await video.current!.play();
      setIsReady(true);
    };
    open().catch((error) => setProblem(messageOf(error)));
    return () => {
      ended = true;
      if (stream !== undefined) stop(stream);
    };
  }, []);

  const take = async (count: number): Promise<void> => {
    const taken: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      setLeft(count - i);
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, EVERY));
      const seen = video.current;
      // Closed meanwhile.
      if (seen === null) break;
      taken.push(planesOf(seen, seen.videoWidth, seen.videoHeight));
    }
    setLeft(0);
    await addPictures(taken, className);
  };
  const isOff = !isReady || left > 0 || busy.value !== undefined;
  return (
    <div class="webcam">
      <video ref={video} muted playsInline aria-label="What the camera sees" />
      {!isReady && problem === undefined && (
        <p class="muted" role="status">
          Waiting for the camera: the browser may ask whether this page may see it.
        </p>
      )}
      {problem !== undefined && (
        <p class="problem" role="alert">
          No camera: {problem}
        </p>
      )}
      <TextControl
        label="Class name of the pictures (may stay empty)"
        longest={40}
        value={className}
        onChange={setClassName}
      />
      <div class="row">
        <button type="button" disabled={isOff} onClick={() => void take(1)}>
          Take one
        </button>
        <button type="button" disabled={isOff} onClick={() => void take(SERIES)}>
          {left > 0 ? `${left} to go` : `Take ${SERIES}`}
        </button>
        <button type="button" onClick={onClose}>
          Close the camera
        </button>
      </div>
    </div>
  );
};

export const Webcam = () => {
  const [isOpen, setIsOpen] = useState(false);
  return isOpen ? (
    <View onClose={() => setIsOpen(false)} />
  ) : (
    <button type="button" onClick={() => setIsOpen(true)}>
      Use the camera
    </button>
  );
};
