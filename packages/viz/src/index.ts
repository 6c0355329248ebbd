export { type BarChartOptions, type BarSeries } from './bar-chart-options.ts';
export { barChart } from './bar-chart.ts';
export { binSeries, type BinSeriesOptions } from './bin-series.ts';
export { encodeGif, type EncodeGifOptions } from './encode-gif.ts';
export { encodePng } from './encode-png.ts';
export { type Background, imageGrid, type ImageGridOptions } from './image-grid.ts';
export { type ScaleKind } from './axis-scale.ts';
export {
  type Band,
  type LineChartOptions,
  type LineSeries,
  type Mark,
  type Numbers,
  type Reference,
} from './line-chart-options.ts';
export { lineChart } from './line-chart.ts';
export { type Images, type Raster } from './raster.ts';
export {
  type AnswerSection,
  type Cell,
  type ChapterSection,
  type CodeSection,
  type Figure,
  type FigureSection,
  type GallerySection,
  type KeyValuesSection,
  type NoticeSection,
  type ReportOptions,
  type Section,
  type TableSection,
  type TextSection,
} from './report-options.ts';
export { report } from './report.ts';
export { samplePage, type SamplePageOptions } from './sample-page.ts';
