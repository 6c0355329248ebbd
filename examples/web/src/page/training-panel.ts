import type { GameSettings, SavedTraining, Started } from '../worker/gan-training.ts';
import { byId } from './by-id.ts';
import { openLab } from './lab.ts';
import { notify, notifyOf } from './notice.ts';
import type { Room } from './room.ts';
import { readSettings, watchSettings } from './settings.ts';
import { trainingCurves } from './training-curves.ts';

/** What a room offers that trains. */
type TrainingRoom = {
  reset: (argument: { settings: never; saved: SavedTraining | undefined }) => Promise<Started>;
  change: (settings: GameSettings) => void;
  start: () => void;
  pause: () => Promise<{ step: number; stepsAfterAsking: number } | undefined>;
  oneStep: () => Promise<void> | undefined;
  saved: () => SavedTraining | undefined;
};

/** What the page itself shows of a training. */
export interface TrainingPanelOptions {
  readonly room: 'gan' | 'toy';
  /** Controls that take effect only from a reset on. */
  readonly anew: readonly string[];
  readonly listen: (room: Room<TrainingRoom>) => void;
}

/** Start, pause, one step, reset, settings and curves: the same on every page that trains. */
export function trainingPanel({ room: name, anew, listen }: TrainingPanelOptions): void {
  const form = byId('settings', HTMLFormElement);
  const [run, step, reset] = ['run', 'step', 'reset'].map((id) => byId(id, HTMLButtonElement)) as [
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
  ];
  const charts = trainingCurves();
  const { dataset } = document.documentElement;
  let current: Room<TrainingRoom> | undefined;
  // What the user has asked for: if the GPU is lost, the training goes on as it was.
  let isWanted = false;

  const showRunning = (isRunning: boolean) => {
    run.textContent = isRunning ? 'Pause' : 'Start';
    dataset['training'] = isRunning ? 'running' : 'paused';
  };
  const begin = async (room: Room<TrainingRoom>, saved?: SavedTraining) => {
    for (const button of [run, step, reset]) button.disabled = true;
    const started = await room.call('reset', { settings: readSettings<never>(form), saved });
    charts.clear(started.step);
    byId('anew', HTMLElement).hidden = true;
    byId('weights', HTMLElement).textContent = describeSizes(started);
    for (const button of [run, step, reset]) button.disabled = false;
    showRunning(isWanted);
    if (isWanted) await room.call('start');
  };
  const setUp = async (room: Room<TrainingRoom>, saved: SavedTraining | undefined) => {
    current = room;
    listen(room);
    room.on('curves', charts.append);
    room.on('download', showDownload);
    room.on('stopped', (reason: string) => {
      showRunning(false);
      notify(reason);
    });
    await begin(room, saved);
  };
  const act = (action: (room: Room<TrainingRoom>) => Promise<unknown>) => () => {
    notify('');
    if (current !== undefined) action(current).catch(notifyOf);
  };

  run.onclick = act(async (room) => {
    isWanted = dataset['training'] === 'paused';
    showRunning(isWanted);
    if (isWanted) return room.call('start');
    const paused = await room.call('pause');
    charts.showStep(paused!.step);
    dataset['stepsAfterPause'] = String(paused!.stepsAfterAsking);
    return undefined;
  });
  step.onclick = act(async (room) => {
    isWanted = false;
    showRunning(false);
    await room.call('oneStep');
  });
  reset.onclick = act(async (room) => {
    isWanted = false;
    await begin(room);
  });
  watchSettings(form, (changed) => {
    if (anew.includes(changed)) byId('anew', HTMLElement).hidden = false;
    else void current?.call('change', readSettings(form)).catch(notifyOf);
  });

  showRunning(false);
  void openLab<TrainingRoom, SavedTraining>(name, {
    setUp,
    save: (room) => room.call('saved'),
  });
}

function describeSizes({ generator, discriminator }: Started): string {
  const [inG, inD] = [generator, discriminator].map((count) => count.toLocaleString('en'));
  return `${inG} weights in G, ${inD} in D`;
}

function showDownload({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes?: number }): void {
  const [loaded, total] = [loadedBytes, totalBytes ?? 8_613_708].map((bytes) => (bytes / 1e6).toFixed(1));
  byId('download', HTMLElement).textContent = `MNIST: ${loaded} of ${total} MB`;
}
