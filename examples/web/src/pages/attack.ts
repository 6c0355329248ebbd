import { likeliest, showBars } from '../page/bars.ts';
import { byId } from '../page/by-id.ts';
import { curves } from '../page/curves.ts';
import { drawing } from '../page/drawing.ts';
import { openLab } from '../page/lab.ts';
import { notify, notifyOf } from '../page/notice.ts';
import { drawGrey, drawSigned } from '../page/picture.ts';
import type { Room } from '../page/room.ts';
import { readSettings, watchSettings } from '../page/settings.ts';
import type { AttackRequest, AttackRoom, AttackView } from '../worker/attack-room.ts';

const form = byId('settings', HTMLFormElement);
const canvas = (id: string) => byId(id, HTMLCanvasElement);
const text = (id: string) => byId(id, HTMLElement);
const size = { width: 28, height: 28 };
const noiseCurve = curves(text('noise-curve'), [{ label: 'probability', colour: 'accent' }]);
const digit = drawing(canvas('drawing'), { onChange: () => run(readDrawing) });

let current: Room<AttackRoom> | undefined;
let [isReading, isStale] = [false, false];

watchSettings(form, () => run(attack));
byId('attack', HTMLButtonElement).onclick = () => run(attack);
byId('clear', HTMLButtonElement).onclick = () => digit.set(new Float32Array(784));
byId('example', HTMLButtonElement).onclick = () => run(showExample);
byId('noise', HTMLButtonElement).onclick = () => run(startFromNoise);
drawPanels(new Float32Array(784));

void openLab<AttackRoom>('attack', { setUp });

async function setUp(room: Room<AttackRoom>): Promise<void> {
  current = room;
  await room.call('ready');
  for (const id of ['attack', 'noise']) byId(id, HTMLButtonElement).disabled = false;
}

function run(action: (room: Room<AttackRoom>) => Promise<void>): void {
  notify('');
  if (current !== undefined) action(current).catch(notifyOf);
}

/** While one drawing is read the next may come; only the last of them counts. */
async function readDrawing(room: Room<AttackRoom>): Promise<void> {
  isStale = isReading;
  if (isReading) return;
  isReading = true;
  try {
    do {
      isStale = false;
      const reading = await room.call('read', digit.pixels);
      const { digit: read, percent } = likeliest(reading);
      text('reading').textContent = `The classifier reads a ${read}, and is ${percent}% sure.`;
      showBars(text('reading-bars'), reading);
    } while (isStale);
  } finally {
    isReading = false;
  }
}

async function showExample(room: Room<AttackRoom>): Promise<void> {
  const seed = Math.floor(Math.random() * 1e6);
  digit.set(await room.call('example', { digit: Number(byId('digit', HTMLSelectElement).value), seed }));
}

async function attack(room: Room<AttackRoom>): Promise<void> {
  const { epsilon, target, method } = readSettings<{ epsilon: number; target: string; method: 'bim' | 'fgsm' }>(form);
  const request: AttackRequest = {
    pixels: digit.pixels.slice(),
    target: target === 'any' ? 'any' : Number(target),
    method,
    epsilon,
  };
  const result = await room.call('attack', request);
  drawPanels(request.pixels, result);
  describe(result, epsilon);
}

function drawPanels(original: Float32Array, result?: AttackView): void {
  drawGrey(canvas('original'), { pixels: original, ...size });
  drawSigned(canvas('change'), { pixels: result?.perturbation ?? new Float32Array(784), ...size });
  drawGrey(canvas('adversarial'), { pixels: result?.adversarial ?? original, ...size });
}

function describe({ success, stepsToSuccess, reading, perturbation }: AttackView, epsilon: number): void {
  const { digit: read, percent } = likeliest(reading);
  const most = perturbation.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const outcome = success
    ? stepsToSuccess === 0
      ? 'It was read so from the start'
      : `It worked, after step ${stepsToSuccess}`
    : 'It did not work';
  text('verdict').textContent = `${outcome}: the classifier now reads a ${read}, and is ${percent}% sure.`;
  text('change-caption').textContent =
    `the change, at most ${most.toFixed(2)} of ${epsilon} allowed, made stronger to be seen: red lighter, blue darker`;
  showBars(text('verdict-bars'), reading);
}

async function startFromNoise(room: Room<AttackRoom>): Promise<void> {
  const target = Number(byId('noise-target', HTMLSelectElement).value);
  const result = await room.call('fromNoise', { target, seed: byId('noise-seed', HTMLInputElement).valueAsNumber });
  drawGrey(canvas('noise-start'), { pixels: result.start, ...size });
  drawGrey(canvas('noise-end'), { pixels: result.adversarial, ...size });
  const { digit: read, percent } = likeliest(result.reading);
  text('noise-caption').textContent = `what it ends with: the classifier reads a ${read}, and is ${percent}% sure`;
  noiseCurve.clear();
  noiseCurve.append([...result.confidence.keys()], Array.from(result.confidence));
}
