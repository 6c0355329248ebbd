import type { Section } from '@lab/viz';
import { describeState } from '../report/run-report.ts';
import { animations, comparedCurves, courseTable, gridsByStep, sharedEntries } from '../report/side-by-side.ts';
import { scoresTable } from '../report/scores-table.ts';
import { writeReport } from '../report/write-report.ts';
import type { RunRecord } from '../run/record.ts';
import { type Comparison, runComparison } from './comparison.ts';
import { type Task, trainingOptions } from './task.ts';

const comparison: Comparison = {
  losses: ['minimax', 'minimax-stable'],
  mayDiverge: ['minimax'],
  writeReport: writeComparison,
};

/** Lab task 2.1: the GAN with the loss that Goodfellow et al. (2014) define the game by. */
export const task21: Task = {
  name: '2.1',
  summary: "Goodfellow's minimax loss as written and in its stable form: two runs and a joint report",
  options: trainingOptions,
  run: (request, context) => runComparison(comparison, request, context),
};

async function writeComparison(folder: string, runs: readonly RunRecord[]): Promise<void> {
  await writeReport(folder, {
    title: 'Task 2.1: the original GAN loss',
    subtitle: runs.map((run) => `${run.config.loss}: ${describeState(run)}`).join('; '),
    sections: [
      { kind: 'text', heading: 'What the loss says', paragraphs: theory },
      ...runs.map(finding),
      courseTable(runs),
      ...animations(runs),
      ...comparedCurves(runs),
      ...gridsByStep(runs),
      ...scoresTable(runs),
      { kind: 'text', heading: 'What to look at', paragraphs: whatToLookAt },
      ...sharedEntries(runs),
    ],
    generator: "Made by the lab's task 2.1.",
  });
}

const theory = [
  'Goodfellow et al. (2014), equation 1: D ascends mean(log D(x) + log(1 - D(G(z)))), and G descends ' +
    'mean(log(1 - D(G(z)))). Against the best possible D, G then descends the Jensen-Shannon divergence between its ' +
    'pictures and the real ones.',
  "Seen from D's logit, G's gradient carries the factor D(G(z)). Early on D recognises every painted picture, that " +
    'factor is next to nothing, and G stalls. This is why the same paper, at the end of section 3, trains G to ascend ' +
    'log D(G(z)) in practice: the non-saturating loss of task 2.2, which many call the original one.',
  'Written with probabilities, the loss also takes log 0 once one of them rounds to 0 or 1 in float32. Computed from ' +
    'logits, with log(1 - D) = -softplus(logit), it is the same function and stays finite.',
];

function finding({ config: { loss, steps }, status }: RunRecord): Section {
  const { state, divergence, step } = status;
  const level = state === 'finished' ? 'info' : 'warning';
  if (divergence === undefined) {
    const how = state === 'finished' ? `went through all ${steps} steps` : `stands at step ${step} of ${steps}`;
    return { kind: 'notice', level, text: `${loss} ${how}; every loss and gradient that was read was finite.` };
  }
  const kept = `What is shown of it ends with the checkpoint of step ${step}.`;
  return { kind: 'notice', level, text: `${loss} diverged, as is to be expected. ${divergence.message} ${kept}` };
}

const whatToLookAt = [
  "The norm of G's gradient beside D(G(z)): where D(G(z)) lies near 0, so does the gradient, and the grids stand still.",
  'Adam divides a gradient by its own size, so that a tiny one still moves G: sooner or later the stable form escapes. ' +
    'When it does depends on the seed; with plain gradient descent it would not.',
  'As long as both runs are finite they are one game: their grids differ by rounding that grows from step to step.',
];
