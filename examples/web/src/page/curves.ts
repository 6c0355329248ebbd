import uPlot from 'uplot';
import { colour, onColourChange } from './colours.ts';

/** A line of a chart: its name, and the colour of main.css that it is drawn in. */
export interface Line {
  readonly label: string;
  readonly colour: string;
}

/** A chart that grows while something runs. */
export interface Curves {
  readonly append: (steps: readonly number[], ...values: (readonly number[])[]) => void;
  readonly clear: () => void;
}

/** Beyond this many points every second one is dropped, and from then on only every other comes in. */
const mostPoints = 4000;

/** Draws lines over steps into an element, as wide as it is. */
export function curves(element: HTMLElement, lines: readonly Line[]): Curves {
  let data: number[][] = [[], ...lines.map(() => [])];
  let [every, seen] = [1, 0];
  let plot = draw();
  let isStale = false;

  function draw(): uPlot {
    return new uPlot(chartOptions(element, lines), data as uPlot.AlignedData, element);
  }
  function redraw(): void {
    plot.destroy();
    plot = draw();
  }
  /** At most once a frame, however often numbers come in. */
  function refresh(): void {
    if (isStale) return;
    isStale = true;
    requestAnimationFrame(() => {
      isStale = false;
      plot.setData(data as uPlot.AlignedData);
    });
  }

  onColourChange(redraw);
  new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: chartHeight })).observe(element);

  return {
    append(steps, ...values) {
      steps.forEach((step, i) => {
        seen += 1;
        if (seen % every !== 0) return;
        data[0]!.push(step);
        values.forEach((line, k) => data[k + 1]!.push(line[i]!));
      });
      if (data[0]!.length > mostPoints) {
        data = data.map((line) => line.filter((_, i) => i % 2 === 1));
        every *= 2;
      }
      refresh();
    },
    clear() {
      data = data.map(() => []);
      [every, seen] = [1, 0];
      refresh();
    },
  };
}

const chartHeight = 180;

function chartOptions(element: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(element.clientWidth, 100),
    height: chartHeight,
    cursor: { drag: { x: false, y: false } },
    legend: { live: false },
    scales: { x: { time: false } },
    axes: [axis, { ...axis, size: 46 }],
    series: [
      { label: 'step' },
      ...lines.map((line) => ({ label: line.label, stroke: colour(line.colour), width: 1.5 })),
    ],
  };
}
