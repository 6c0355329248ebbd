import { byId } from '../page/by-id.ts';
import { drawing } from '../page/drawing.ts';
import { filmPlayer } from '../page/film-player.ts';
import { openLab } from '../page/lab.ts';
import { notify, notifyOf } from '../page/notice.ts';
import { drawCovered, drawSheet } from '../page/picture.ts';
import type { Room } from '../page/room.ts';
import { readSettings, watchSettings } from '../page/settings.ts';
import type { DenoisingFrame, DiffusionRoom } from '../worker/diffusion-room.ts';

interface Settings {
  /** -1 for all ten, 10 for none in particular. */
  readonly digit: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
}

const form = byId('settings', HTMLFormElement);
const canvas = (id: string) => byId(id, HTMLCanvasElement);
const button = (id: string) => byId(id, HTMLButtonElement);
const chosen = (id: string) => Number(byId(id, HTMLSelectElement).value);
const known = new Float32Array(784);
const brush = drawing(canvas('brush'), {
  onChange: () => undefined,
  radius: 2.5,
  render: (wanted) => drawCovered(canvas('brush'), { pixels: known, covered: wanted, width: 28, height: 28 }),
});
const film = filmPlayer(({ noisy, believed }) => {
  drawSheet(canvas('noisy'), { pixels: noisy, columns: 5, rows: 2 });
  drawSheet(canvas('believed'), { pixels: believed, columns: 5, rows: 2 });
});
let current: Room<DiffusionRoom> | undefined;

watchSettings(form, () => undefined);
button('make').onclick = () => run(make);
button('inpaint').onclick = () => run(inpaint);
button('example').onclick = () => run(showExample);
button('unbrush').onclick = () => brush.set(new Float32Array(784));
button('lower-half').onclick = () => brush.set(Float32Array.from({ length: 784 }, (_, i) => (i < 392 ? 0 : 1)));
void openLab<DiffusionRoom>('diffusion', { setUp });

async function setUp(room: Room<DiffusionRoom>): Promise<void> {
  current = room;
  room.on('denoising', film.add);
  room.on('inpainting', showInpainting);
  await room.call('ready');
  for (const id of ['make', 'inpaint']) button(id).disabled = false;
}

function run(action: (room: Room<DiffusionRoom>) => Promise<unknown>): void {
  notify('');
  if (current !== undefined) action(current).catch(notifyOf);
}

async function make(room: Room<DiffusionRoom>): Promise<void> {
  const { digit, seed, steps, guidance } = readSettings<Settings>(form);
  const labels = Array.from({ length: 10 }, (_, i) => (digit === -1 ? i : digit));
  film.clear();
  const made = await room.call('denoise', { labels, seed, steps, guidance: digit === 10 ? 1 : guidance });
  if (made === undefined) return;
  byId('made', HTMLElement).textContent = `Ten pictures in ${(made.milliseconds / 1000).toFixed(1)} s.`;
}

async function showExample(room: Room<DiffusionRoom>): Promise<void> {
  const seed = Math.floor(Math.random() * 1e6);
  known.set(await room.call('example', { digit: chosen('known-digit'), seed }));
  brush.redraw();
}

async function inpaint(room: Room<DiffusionRoom>): Promise<void> {
  const labels = new Array<number>(4).fill(chosen('inpaint-digit'));
  const { seed, steps } = readSettings<Settings>(form);
  const made = await room.call('inpaint', { pixels: known, wanted: brush.pixels, labels, seed, steps });
  if (made === undefined) return;
  byId('inpainted-caption', HTMLElement).textContent =
    `four completions in ${(made.milliseconds / 1000).toFixed(1)} s, ${made.passes} passes of the network`;
}

function showInpainting({ step, noisy }: DenoisingFrame): void {
  drawSheet(canvas('inpainted'), { pixels: noisy, columns: 2, rows: 2 });
  byId('inpainted-caption', HTMLElement).textContent = `step ${step}`;
}
