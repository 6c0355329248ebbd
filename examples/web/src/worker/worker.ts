import { chooseBackend, deviceLost } from './choose-backend.ts';
import type { BackendWish, Call, Emit, Message, Methods } from './messages.ts';

/** The rooms, each loaded when it is entered. */
const rooms: Record<string, () => Promise<{ open: (emit: Emit) => Methods }>> = {
  gan: () => import('./gan-room.ts'),
  toy: () => import('./toy-room.ts'),
  attack: () => import('./attack-room.ts'),
  digits: () => import('./digits-room.ts'),
  diffusion: () => import('./diffusion-room.ts'),
  speed: () => import('./speed-room.ts'),
  quiz: () => import('./quiz-room.ts'),
};

const send = (message: Message) => postMessage(message);
const emit: Emit = (event, value) => send({ event, value });
let methods: Methods = { enter };

onmessage = async ({ data: { id, method, argument } }: MessageEvent<Call>) => {
  try {
    send({ id, value: await methods[method]!(argument as never) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    send({ id, error: { name, message } });
  }
};

/** Starts the backend, and then answers for one room. */
async function enter({ room, wish }: { room: string; wish: BackendWish }) {
  const [report, { open }] = await Promise.all([chooseBackend(wish), rooms[room]!()]);
  methods = open(emit);
  void deviceLost().then((reason) => emit('lost', reason));
  return report;
}
