/** Greys row by row, drawn a pixel each; the canvas takes their size, and CSS enlarges it. */
export function drawGrey(
  canvas: HTMLCanvasElement,
  { pixels, width, height }: { pixels: ArrayLike<number>; width: number; height: number },
): void {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const grey = Math.round(255 * Math.min(1, Math.max(0, pixels[i]!)));
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  put(canvas, image);
}

/** Changes around 0: red where something was added, blue where it was taken away, at full strength where the most was. */
export function drawSigned(
  canvas: HTMLCanvasElement,
  { pixels, width, height }: { pixels: Float32Array; width: number; height: number },
): void {
  const most = pixels.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  const image = new ImageData(width, height);
  pixels.forEach((value, i) => {
    const strength = value / most;
    const fade = Math.round(255 * (1 - Math.abs(strength)));
    image.data.set(strength > 0 ? [255, fade, fade, 255] : [fade, fade, 255, 255], 4 * i);
  });
  put(canvas, image);
}

/** `columns` x `rows` pictures of 28 x 28 with a pixel between them, from `[N, 28, 28]` in [0, 1]. */
export function drawSheet(
  canvas: HTMLCanvasElement,
  { pixels, columns, rows }: { pixels: Float32Array; columns: number; rows: number },
): void {
  const [width, height] = [columns * 29 - 1, rows * 29 - 1];
  const sheet = new Float32Array(width * height).fill(0.25);
  for (let picture = 0; picture < columns * rows; picture++) {
    const [left, top] = [29 * (picture % columns), 29 * Math.floor(picture / columns)];
    for (let y = 0; y < 28; y++) {
      const from = 784 * picture + 28 * y;
      sheet.set(pixels.subarray(from, from + 28), (top + y) * width + left);
    }
  }
  drawGrey(canvas, { pixels: sheet, width, height });
}

/** Greys with a red cover where something is covered. */
export function drawCovered(
  canvas: HTMLCanvasElement,
  { pixels, covered, width, height }: { pixels: Float32Array; covered: Float32Array; width: number; height: number },
): void {
  const image = new ImageData(width, height);
  pixels.forEach((value, i) => {
    const grey = Math.round(255 * Math.min(1, Math.max(0, value)));
    image.data.set(
      covered[i]! > 0 ? [200, Math.round(grey / 3), Math.round(grey / 3), 255] : [grey, grey, grey, 255],
      4 * i,
    );
  });
  put(canvas, image);
}

function put(canvas: HTMLCanvasElement, image: ImageData): void {
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
