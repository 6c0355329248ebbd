import { byId } from '../page/by-id.ts';
import { onColourChange } from '../page/colours.ts';
import { drawPlane } from '../page/plane.ts';
import { trainingPanel } from '../page/training-panel.ts';
import type { ToyView } from '../worker/toy-room.ts';

const plane = byId('plane', HTMLCanvasElement);
let shown: ToyView | undefined;

trainingPanel({
  room: 'toy',
  anew: ['mixture', 'seed'],
  listen: (room) => room.on('samples', show),
});
onColourChange(() => shown && drawPlane(plane, shown));

function show(view: ToyView): void {
  shown = view;
  drawPlane(plane, view);
  const { covered, modes, nearMode } = view.coverage;
  byId('covered', HTMLElement).textContent = `${covered} of ${modes}`;
  byId('near', HTMLElement).textContent = `${Math.round(100 * nearMode)}%`;
}
