import type { ToyView } from '../worker/toy-room.ts';
import { colour } from './colours.ts';

/** The longest pull is drawn as long as this share of the plane's width. */
const longestPull = 0.05;

/** D's answers as the ground, real points, samples, and where each sample is pulled. */
export function drawPlane(canvas: HTMLCanvasElement, view: ToyView): void {
  const context = canvas.getContext('2d')!;
  const { width } = canvas;
  const at = (value: number) => ((value + view.halfWidth) / (2 * view.halfWidth)) * width;
  drawGround(context, view, width);
  drawPulls(context, view, { at, width });
  drawPoints(context, view.real, { at, radius: 1.6, fill: colour('real') });
  drawPoints(context, view.fake, { at, radius: 2.2, fill: colour('fake') });
}

/** In the colour of real points where D says real, in that of samples where it says fake, and in neither where it can't tell. */
function drawGround(context: CanvasRenderingContext2D, { heat, side }: ToyView, width: number): void {
  const cells = new OffscreenCanvas(side, side);
  const ground = cells.getContext('2d')!;
  const [real, fake] = [colour('real'), colour('fake')];
  heat.forEach((answer, i) => {
    ground.globalAlpha = 0.5 * Math.abs(2 * answer - 1);
    ground.fillStyle = answer > 0.5 ? real : fake;
    ground.fillRect(i % side, Math.floor(i / side), 1, 1);
  });
  context.fillStyle = colour('card');
  context.fillRect(0, 0, width, width);
  context.drawImage(cells, 0, 0, width, width);
}

interface Place {
  readonly at: (value: number) => number;
}

function drawPoints(
  context: CanvasRenderingContext2D,
  points: Float32Array,
  { at, radius, fill }: Place & { radius: number; fill: string },
): void {
  context.fillStyle = fill;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(at(points[i]!), at(-points[i + 1]!), radius, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawPulls(
  context: CanvasRenderingContext2D,
  { fake, pull }: ToyView,
  { at, width }: Place & { width: number },
): void {
  const longest = pull.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const scale = (longestPull * width) / longest;
  context.strokeStyle = colour('fake');
  context.globalAlpha = 0.5;
  context.beginPath();
  for (let i = 0; i < fake.length; i += 2) {
    const [x, y] = [at(fake[i]!), at(-fake[i + 1]!)];
    context.moveTo(x, y);
    context.lineTo(x + scale * pull[i]!, y - scale * pull[i + 1]!);
  }
  context.stroke();
  context.globalAlpha = 1;
}
