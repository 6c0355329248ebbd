import type { BackendWish, Methods } from '../worker/messages.ts';
import { describeBackend, offerBackends, wishFromAddress } from './backend-panel.ts';
import { notify, notifyOf } from './notice.ts';
import { Room } from './room.ts';

/** What a page does with its room. */
export interface LabOptions<Offered extends Methods, Saved> {
  /** Listens to the room, and asks it for what the page shows first; with what `save` gave, after a loss. */
  readonly setUp: (room: Room<Offered>, saved: Saved | undefined) => Promise<unknown>;
  /** Fetches what is to be gone on with from a room whose device was lost. */
  readonly save?: (room: Room<Offered>) => Promise<Saved | undefined>;
}

/**
 * Opens a page's room, and says in the header which backend computes. If the GPU device is lost, says so, and goes on in a
 * new room on `simd`.
 */
export async function openLab<Offered extends Methods, Saved = never>(
  name: string,
  { setUp, save }: LabOptions<Offered, Saved>,
): Promise<void> {
  let current: Room<Offered>;
  const enter = async (wish: BackendWish, saved?: Saved) => {
    const { room, backend } = await Room.open<Offered>(name, wish);
    current = room;
    describeBackend(backend);
    room.on('lost', (reason: string) => void goOn(reason).catch(notifyOf));
    await setUp(room, saved);
  };
  const goOn = async (reason: string) => {
    const lost = current;
    const saved = await save?.(lost);
    lost.close();
    await enter({ backend: 'simd' }, saved);
    notify(`The GPU device was lost (${reason}). The page goes on with simd.`);
  };
  offerBackends();
  await enter(wishFromAddress()).catch(notifyOf);
}
