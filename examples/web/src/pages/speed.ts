import { byId } from '../page/by-id.ts';
import { openLab } from '../page/lab.ts';
import { notifyOf } from '../page/notice.ts';
import type { Room } from '../page/room.ts';
import type { SpeedRoom } from '../worker/speed-room.ts';

const measure = byId('measure', HTMLButtonElement);
const windows = 10;
const windowMs = 300;
let current: Room<SpeedRoom> | undefined;

measure.onclick = () => {
  measure.disabled = true;
  measureAll()
    .catch(notifyOf)
    .finally(() => (measure.disabled = false));
};
void openLab<SpeedRoom>('speed', { setUp });

async function setUp(room: Room<SpeedRoom>): Promise<void> {
  current = room;
  // For npm run bench, which has Node and this page take turns.
  Object.assign(globalThis, { timeSteps: (steps: number) => current!.call('time', steps) });
  await room.call('time', 3);
  measure.disabled = false;
}

async function measureAll(): Promise<void> {
  const room = current!;
  const steps = Math.max(1, Math.round(windowMs / ((await room.call('time', 5)) / 5)));
  const times: number[] = [];
  for (let i = 1; i <= windows; i++) {
    times.push((await room.call('time', steps)) / steps);
    const sorted = times.toSorted((a, b) => a - b);
    byId('window', HTMLElement).textContent = `${i} of ${windows}`;
    byId('best', HTMLElement).textContent = `${sorted[0]!.toFixed(2)} ms`;
    byId('median', HTMLElement).textContent = `${sorted[sorted.length >> 1]!.toFixed(2)} ms`;
  }
}
