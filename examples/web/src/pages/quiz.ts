import { byId } from '../page/by-id.ts';
import { openLab } from '../page/lab.ts';
import { notifyOf } from '../page/notice.ts';
import { drawGrey } from '../page/picture.ts';
import type { Room } from '../page/room.ts';
import { wilson } from '../page/wilson.ts';
import type { Pair, QuizRoom } from '../worker/quiz-room.ts';

const choices = [byId('left', HTMLButtonElement), byId('right', HTMLButtonElement)] as const;
const score = { pairs: 0, yours: 0, its: 0 };
const trainingSteps = Number(new URLSearchParams(location.search).get('training') ?? 150);
// Another order at every visit, so that nobody learns the answers by heart.
const firstSeed = Math.floor(Math.random() * 1e6);
let current: Room<QuizRoom> | undefined;
let pair: Pair | undefined;

choices.forEach((choice, side) => (choice.onclick = () => answer(side as 0 | 1)));
document.addEventListener('keydown', ({ key, target }) => {
  // There the arrows choose a backend.
  if (target instanceof HTMLSelectElement) return;
  if (key === 'ArrowLeft') answer(0);
  if (key === 'ArrowRight') answer(1);
});
void openLab<QuizRoom>('quiz', { setUp });

async function setUp(room: Room<QuizRoom>): Promise<void> {
  current = room;
  room.on('training', ({ step, of }: { step: number; of: number }) =>
    say('preparing', `The discriminator trains: step ${step} of ${of}.`),
  );
  await room.call('ready', { steps: trainingSteps });
  say('preparing', `The discriminator has trained for ${trainingSteps} steps.`);
  await next();
}

async function next(): Promise<void> {
  pair = await current!.call('pair', { seed: firstSeed + score.pairs });
  ['left-picture', 'right-picture'].forEach((id, i) =>
    drawGrey(byId(id, HTMLCanvasElement), { pixels: pair!.pictures[i]!, width: 28, height: 28 }),
  );
  for (const choice of choices) choice.disabled = false;
}

function answer(side: 0 | 1): void {
  if (pair === undefined || choices[0].disabled) return;
  for (const choice of choices) choice.disabled = true;
  score.pairs += 1;
  score.yours += Number(side === pair.real);
  score.its += Number(pair.guess === pair.real);
  say('verdict', `${side === pair.real ? 'Right' : 'Wrong'}: the ${pair.real === 0 ? 'left' : 'right'} one was real.`);
  say('pairs', String(score.pairs));
  say('yours', describe(score.yours));
  say('its', describe(score.its));
  next().catch(notifyOf);
}

function describe(right: number): string {
  const { share, low, high } = wilson(right, score.pairs);
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(share)}% (${percent(low)} to ${percent(high)})`;
}

function say(id: string, text: string): void {
  byId(id, HTMLElement).textContent = text;
}
