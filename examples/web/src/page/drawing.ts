import { drawGrey } from './picture.ts';

const side = 28;

/** A field of 28 x 28 to draw in, by pointer or keyboard. */
export interface Drawing {
  /** `[784]`, in [0, 1]. */
  readonly pixels: Float32Array;
  readonly redraw: () => void;
  readonly set: (pixels: Float32Array) => void;
}

/** How a field is drawn in. */
export interface DrawingOptions {
  /** Called after every stroke of the pen. */
  readonly onChange: () => void;
  /** In pixels. @default 1.9 */
  readonly radius?: number;
  /** Shows the field, with the keyboard's pen in it. @default white on black */
  readonly render?: (shown: Float32Array) => void;
}

/** Makes a canvas drawable. Arrow keys move a pen, and space puts it down and lifts it. */
export function drawing(canvas: HTMLCanvasElement, options: DrawingOptions): Drawing {
  const { onChange, radius = 1.9 } = options;
  const { render = (shown) => drawGrey(canvas, { pixels: shown, width: side, height: side }) } = options;
  const pixels = new Float32Array(side * side);
  const pen = { x: side / 2, y: side / 2, isDown: false, isShown: false };
  let last: { x: number; y: number } | undefined;

  const show = () => {
    const shown = pixels.slice();
    if (pen.isShown) shown[Math.floor(pen.y) * side + Math.floor(pen.x)] = pen.isDown ? 1 : 0.5;
    render(shown);
  };
  const draw = (x: number, y: number) => {
    stroke(pixels, last ?? { x, y }, { x, y }, radius);
    last = { x, y };
    show();
    onChange();
  };
  const place = ({ offsetX, offsetY }: PointerEvent) => ({
    x: (offsetX / canvas.clientWidth) * side,
    y: (offsetY / canvas.clientHeight) * side,
  });

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    draw(x, y);
  };
  canvas.onpointermove = (event) => {
    if (event.buttons === 0) return;
    const { x, y } = place(event);
    draw(x, y);
  };
  canvas.onpointerup = () => (last = undefined);
  canvas.onfocus = () => {
    pen.isShown = canvas.matches(':focus-visible');
    show();
  };
  canvas.onblur = () => {
    Object.assign(pen, { isShown: false, isDown: false });
    last = undefined;
    show();
  };
  canvas.onkeydown = (event) => {
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    pen.isShown = true;
    pen.isDown = event.key === ' ' ? !pen.isDown : pen.isDown;
    pen.x = within(pen.x + move[0]);
    pen.y = within(pen.y + move[1]);
    if (!pen.isDown) last = undefined;
    if (pen.isDown) draw(pen.x, pen.y);
    else show();
  };
  show();
  return {
    pixels,
    redraw: show,
    set(given) {
      pixels.set(given);
      last = undefined;
      show();
      onChange();
    },
  };
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ' ': [0, 0],
};

function within(place: number): number {
  return Math.min(side - 0.5, Math.max(0.5, place));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A round pen with a soft edge, as the digits of MNIST have. */
function stroke(pixels: Float32Array, from: Point, to: Point, radius: number): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const dots = Math.max(1, Math.ceil(2 * length));
  for (let i = 0; i <= dots; i++) {
    dot(pixels, from.x + ((to.x - from.x) * i) / dots, from.y + ((to.y - from.y) * i) / dots, radius);
  }
}

function dot(pixels: Float32Array, x: number, y: number, radius: number): void {
  const reach = Math.ceil(radius);
  for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
      if (row < 0 || row >= side || column < 0 || column >= side) continue;
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const ink = Math.min(1, Math.max(0, radius - distance));
      pixels[row * side + column] = Math.max(pixels[row * side + column]!, ink);
    }
  }
}
