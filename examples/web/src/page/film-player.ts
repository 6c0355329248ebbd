import type { DenoisingFrame } from '../worker/diffusion-room.ts';
import { byId } from './by-id.ts';

/** Keeps the frames of a way from noise to pictures, to be moved through and played in both directions. */
export function filmPlayer(show: (frame: DenoisingFrame) => void) {
  const slider = byId('frame', HTMLInputElement);
  const label = byId('frame-label', HTMLElement);
  const buttons = [byId('forward', HTMLButtonElement), byId('backward', HTMLButtonElement)];
  const frames: DenoisingFrame[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;

  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const showFrame = (index: number) => {
    const frame = frames[index];
    if (frame === undefined) return stop();
    slider.value = String(index);
    label.textContent = `${frame.step} of ${frame.of}`;
    slider.setAttribute('aria-valuetext', label.textContent);
    return show(frame);
  };
  const play = (direction: 1 | -1) => {
    stop();
    let index = direction === 1 ? 0 : frames.length - 1;
    timer = setInterval(() => {
      showFrame(index);
      index += direction;
    }, 100);
  };

  buttons[0]!.onclick = () => play(1);
  buttons[1]!.onclick = () => play(-1);
  slider.oninput = () => {
    stop();
    showFrame(slider.valueAsNumber);
  };
  return {
    add(frame: DenoisingFrame) {
      frames.push(frame);
      slider.max = String(frames.length - 1);
      for (const button of buttons) button.disabled = false;
      showFrame(frames.length - 1);
    },
    clear() {
      stop();
      frames.length = 0;
    },
  };
}
