/** A table cell. Numbers are aligned and rounded to four significant digits; null is shown as a dash. */
export type Cell = string | number | boolean | null;

interface SectionBase {
  /**
   * A heading above the section; headings are listed at the top of a report that has four and more
   * (those of chapters alone, where there are any).
   * @default none
   */
  readonly heading?: string;
}

/** Plain text, one string a paragraph. */
export interface TextSection extends SectionBase {
  readonly kind: 'text';
  readonly paragraphs: string | readonly string[];
}

/** A picture: one of `png`, `gif` and `svg`. */
export interface Figure {
  /** Bytes of a PNG file. */
  readonly png?: Uint8Array;
  /** Bytes of a GIF file. */
  readonly gif?: Uint8Array;
  /**
   * With `gif` only: bytes of a PNG shown in its place on paper, and to readers who asked for less motion.
   * @default none: paper shows the first frame
   */
  readonly still?: Uint8Array;
  /** A drawing, as lineChart() and barChart() return it. Scripts, handlers and outside content are refused. */
  readonly svg?: string;
  /** What the picture shows, for those who can't see it. An SVG brings its own title and description. */
  readonly alt: string;
  /**
   * Stands below the picture, after its number.
   * @default ''
   */
  readonly caption?: string;
}

export interface FigureSection extends SectionBase, Figure {
  readonly kind: 'figure';
}

/** Figures side by side, such as the grids of one run at several steps. */
export interface GallerySection extends SectionBase {
  readonly kind: 'gallery';
  readonly figures: readonly Figure[];
}

export interface TableSection extends SectionBase {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** Each row has a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
  /** @default '' */
  readonly caption?: string;
}

/** A list of names and values, such as a configuration. */
export interface KeyValuesSection extends SectionBase {
  readonly kind: 'keyValues';
  readonly entries: Readonly<Record<string, Cell>> | readonly (readonly [string, Cell])[];
}

/** Something the reader must not miss. */
export interface NoticeSection extends SectionBase {
  readonly kind: 'notice';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

export interface CodeSection extends SectionBase {
  readonly kind: 'code';
  readonly code: string;
}

/** Text that is hidden until the reader opens it, such as the answers to a quiz. */
export interface AnswerSection extends SectionBase {
  readonly kind: 'answer';
  /** What is shown in its place, and opens it. */
  readonly question: string;
  readonly paragraphs: string | readonly string[];
}

/** Begins a chapter: what follows, up to the next chapter, belongs to it, in headings and in the list of contents. */
export interface ChapterSection {
  readonly kind: 'chapter';
  readonly heading: string;
  /**
   * Stands below the heading.
   * @default ''
   */
  readonly subtitle?: string;
}

export type Section =
  | ChapterSection
  | TextSection
  | FigureSection
  | GallerySection
  | TableSection
  | KeyValuesSection
  | NoticeSection
  | CodeSection
  | AnswerSection;

export interface ReportOptions {
  readonly title: string;
  /** @default '' */
  readonly subtitle?: string;
  readonly sections: readonly Section[];
  /**
   * What made the report (program, version, command); stands at its end.
   * @default ''
   */
  readonly generator?: string;
  /**
   * Language of the text, as a BCP 47 tag.
   * @default 'en'
   */
  readonly language?: string;
}
