/** Series colours: distinct in hue and lightness, at least 4:1 against the ground of their mode. */
const LIGHT = ['#1f5fbf', '#c2410c', '#0b7a5b', '#9a2f8c', '#7d6200', '#334155', '#be123c', '#0e7490'] as const;
const DARK = ['#7fb2ff', '#ff9d6b', '#4fd1a5', '#e79be0', '#e5c454', '#cbd5e1', '#ff8fa8', '#5cd0e6'] as const;

/** Told apart without colour: solid, dashed, dotted, dash-dot, ... */
const DASHES = ['', '7 4', '2 3', '10 3 2 3', '14 5', '4 2', '10 3 2 3 2 3', '18 3 5 3'] as const;

/** Place in the palette of the i-th series. */
export const paletteIndex = (series: number): number => series % LIGHT.length;

/** The dash of the i-th series; 64 series pass before a pair of colour and dash comes again. */
export const dashOf = (series: number): string =>
  DASHES[(series + Math.floor(series / LIGHT.length)) % DASHES.length] ?? '';

const ground = (background: string, text: string, muted: string, grid: string, axis: string): string =>
  `.labviz .bg{fill:${background}}.labviz text{fill:${text}}.labviz .muted{fill:${muted}}` +
  `.labviz .halo{stroke:${background}}` +
  `.labviz .grid{stroke:${grid}}.labviz .axis{stroke:${axis}}.labviz .mark{stroke:${muted}}`;

const series = (colours: readonly string[], count: number): string =>
  colours
    .slice(0, count)
    .map((colour, i) => `.labviz .s${i}{stroke:${colour}}.labviz .f${i}{fill:${colour}}`)
    .join('');

const SHAPES =
  ".labviz{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;" +
  'font-variant-numeric:tabular-nums}.labviz text{font-size:12px}.labviz .title{font-size:16px;font-weight:600}' +
  '.labviz .small{font-size:11px}.labviz .line{fill:none;stroke-width:1.8;stroke-linejoin:round}' +
  '.labviz .dots{fill:none;stroke-width:5.5;stroke-linecap:round}.labviz .band{fill-opacity:.18;stroke-opacity:.3;stroke-width:.8}' +
  '.labviz .grid,.labviz .axis{fill:none}.labviz .minor{stroke-opacity:.5}.labviz .mark{fill:none;stroke-dasharray:3 3;stroke-opacity:.65}.labviz .bar{stroke-width:1}' +
  '.labviz .hatch{fill:none;stroke-width:1.6}.labviz .pale{fill-opacity:.22}' +
  '.labviz .halo{stroke-width:4;stroke-linejoin:round;paint-order:stroke}.labviz path.halo{fill:none;stroke-dasharray:3 3;stroke-width:3}';

/**
 * The chart's own style sheet. Dark colours are for screens only: paper is white.
 * Plain rules rather than custom properties, so that SVG programs that are not browsers draw the light chart.
 */
export function chartStyle(seriesCount: number): string {
  const light = ground('#ffffff', '#1a2230', '#566173', '#e4e8ee', '#8d97a6') + series(LIGHT, seriesCount);
  const dark = ground('#151a21', '#e8ecf2', '#a3aebd', '#2a323d', '#6b7686') + series(DARK, seriesCount);
  return `<style>${SHAPES}${light}@media screen and (prefers-color-scheme:dark){${dark}}</style>`;
}
