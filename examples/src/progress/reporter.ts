import type { BackendChoice } from '@lab/core';
import type { MetricsRow } from '../run/metrics-log.ts';
import type { PictureScores } from '../score/score-pictures.ts';

/** What a run tells while it is under way. */
export type RunEvent =
  | {
      readonly event: 'start';
      readonly task: string;
      readonly loss: string;
      readonly preset: string;
      readonly seed: number;
      readonly steps: number;
      readonly batch: number;
      /** Steps already made by an earlier session. */
      readonly startStep: number;
      readonly folder: string;
      readonly data: { readonly name: string; readonly pictures: number };
      readonly backend: BackendChoice;
      /** An estimate; undefined where none can be had. */
      readonly expectedSeconds: number | undefined;
    }
  | ({
      readonly event: 'step';
      readonly steps: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
    } & MetricsRow)
  | {
      readonly event: 'progress';
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
    }
  | { readonly event: 'snapshot'; readonly step: number; readonly file: string }
  | { readonly event: 'note'; readonly message: string }
  | ({ readonly event: 'scores'; readonly path: string } & PictureScores)
  | {
      readonly event: 'end';
      readonly state: 'finished' | 'stopped' | 'diverged';
      readonly folder: string;
      readonly step: number;
      readonly seconds: number;
      readonly message?: string;
    }
  | {
      readonly event: 'done';
      /** Those to look at, the most telling first. */
      readonly files: readonly { readonly path: string; readonly what: string }[];
      /** A command that goes on from here, if there is something left to do. */
      readonly resume?: string;
    }
  | { readonly event: 'error'; readonly message: string; readonly exitCode: number };

export type Reporter = (event: RunEvent) => void;

/** One line of JSON an event, and nothing else. */
export function jsonReporter(write: (text: string) => void): Reporter {
  return (event) => write(`${JSON.stringify(event)}\n`);
}
