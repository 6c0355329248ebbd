import type { Curves } from '../worker/gan-training.ts';
import { byId } from './by-id.ts';
import { curves } from './curves.ts';

const figures = { 'd-loss': 'dLoss', 'g-loss': 'gLoss', 'd-real': 'dReal', 'd-fake': 'dFake' } as const;

/** The curves of losses and of D's answers, and the last of their numbers as figures. */
export function trainingCurves() {
  const losses = curves(byId('losses', HTMLElement), [
    { label: 'loss of D', colour: 'd' },
    { label: 'loss of G', colour: 'g' },
  ]);
  const answers = curves(byId('answers', HTMLElement), [
    { label: 'D(x)', colour: 'real' },
    { label: 'D(G(z))', colour: 'fake' },
  ]);
  const showStep = (step: number) => {
    byId('step-count', HTMLElement).textContent = step.toLocaleString('en');
    document.documentElement.dataset['step'] = String(step);
  };
  return {
    showStep,
    append(made: Curves) {
      losses.append(made.step, made.dLoss, made.gLoss);
      answers.append(made.step, made.dReal, made.dFake);
      showStep(made.step.at(-1)!);
      for (const [id, quantity] of Object.entries(figures)) {
        byId(id, HTMLElement).textContent = made[quantity].at(-1)!.toFixed(3);
      }
    },
    clear(step: number) {
      losses.clear();
      answers.clear();
      showStep(step);
    },
  };
}
