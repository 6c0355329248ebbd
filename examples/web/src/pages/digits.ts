import { byId } from '../page/by-id.ts';
import { openLab } from '../page/lab.ts';
import { notifyOf } from '../page/notice.ts';
import { drawSheet } from '../page/picture.ts';
import type { Room } from '../page/room.ts';
import { readSettings, watchSettings } from '../page/settings.ts';
import type { DenoisingFrame } from '../worker/diffusion-room.ts';
import type { DigitsRoom } from '../worker/digits-room.ts';

interface Settings {
  /** -1 for all ten. */
  readonly digit: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
}

const [form, mixing] = [byId('settings', HTMLFormElement), byId('mixing', HTMLFormElement)];
const canvas = (id: string) => byId(id, HTMLCanvasElement);
const side = 8;
let current: Room<DigitsRoom> | undefined;

byId('make', HTMLButtonElement).onclick = () => run(make);
watchSettings(form, (changed) => run(changed === 'steps' || changed === 'guidance' ? async () => {} : showGan));
watchSettings(mixing, () => run(mix));
void openLab<DigitsRoom>('digits', { setUp });

async function setUp(room: Room<DigitsRoom>): Promise<void> {
  current = room;
  room.on('denoising', showDiffusion);
  await room.call('ready');
  byId('make', HTMLButtonElement).disabled = false;
  await showGan(room);
}

function run(action: (room: Room<DigitsRoom>) => Promise<unknown>): void {
  if (current !== undefined) action(current).catch(notifyOf);
}

async function make(room: Room<DigitsRoom>): Promise<void> {
  const { seed, steps, guidance } = readSettings<Settings>(form);
  await showGan(room);
  const made = await room.call('denoise', { labels: labels(), seed, steps, guidance });
  if (made === undefined) return;
  byId('diffusion-caption', HTMLElement).textContent =
    `ten pictures in ${(made.milliseconds / 1000).toFixed(1)} s, ${made.passes} steps`;
}

/** All that the GAN paints is quick enough to follow the controls. */
async function showGan(room: Room<DigitsRoom>): Promise<void> {
  const { seed } = readSettings<Settings>(form);
  const { pixels, milliseconds } = await room.call('digits', { labels: labels(), seed });
  drawSheet(canvas('cgan'), { pixels, columns: 5, rows: 2 });
  byId('cgan-caption', HTMLElement).textContent = `ten pictures in ${milliseconds.toFixed(0)} ms, one pass`;
  const sheet = await room.call('sheet', { digit: digit(), seed, side });
  drawSheet(canvas('sheet'), { pixels: sheet.pixels, columns: side, rows: side });
  await mix(room);
}

async function mix(room: Room<DigitsRoom>): Promise<void> {
  const weights = Object.values(readSettings<Record<string, number>>(mixing));
  const { pixels } = await room.call('mix', { digit: digit(), seed: readSettings<Settings>(form).seed, weights });
  drawSheet(canvas('mixed'), { pixels, columns: 1, rows: 1 });
}

function showDiffusion({ step, of, noisy }: DenoisingFrame): void {
  drawSheet(canvas('diffusion'), { pixels: noisy, columns: 5, rows: 2 });
  byId('diffusion-caption', HTMLElement).textContent = `step ${step} of ${of}`;
}

function labels(): number[] {
  const { digit } = readSettings<Settings>(form);
  return Array.from({ length: 10 }, (_, i) => (digit === -1 ? i : digit));
}

/** The digit of sliders and sheet. */
function digit(): number {
  return Math.max(0, readSettings<Settings>(form).digit);
}
