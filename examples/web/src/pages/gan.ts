import { byId } from '../page/by-id.ts';
import { drawSheet } from '../page/picture.ts';
import { trainingPanel } from '../page/training-panel.ts';
import type { Sheet } from '../worker/gan-room.ts';

const samples = byId('samples', HTMLCanvasElement);

trainingPanel({
  room: 'gan',
  anew: ['networks', 'seed'],
  listen: (room) => room.on('samples', (sheet: Sheet) => drawSheet(samples, sheet)),
});
