import type { BackendReport, BackendWish, Message, Methods } from '../worker/messages.ts';

/** Calls that were under way when the room was closed end with this. */
export class RoomClosedError extends Error {
  override readonly name = 'RoomClosedError';
}

type Argument<M extends (argument: never) => unknown> = Parameters<M>;

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A room in a worker of its own: what computes never keeps the page from answering. */
export class Room<Offered extends Methods> {
  readonly #worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'lab' });
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (value: never) => void>();
  #calls = 0;

  private constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => this.#fail(new Error(message || 'The worker could not be loaded'));
  }

  /** Starts a worker with the backend wished for, or the best there is, and enters the room. */
  static async open<Offered extends Methods>(
    room: string,
    wish: BackendWish,
  ): Promise<{ room: Room<Offered>; backend: BackendReport }> {
    const opened = new Room<Offered>();
    const backend = await opened.#send('enter', { room, wish });
    return { room: opened, backend: backend as BackendReport };
  }

  call<Name extends keyof Offered & string>(
    method: Name,
    ...[argument]: Argument<Offered[Name]>
  ): Promise<Awaited<ReturnType<Offered[Name]>>> {
    return this.#send(method, argument) as Promise<Awaited<ReturnType<Offered[Name]>>>;
  }

  on<Value>(event: string, listener: (value: Value) => void): void {
    this.#listeners.set(event, listener);
  }

  close(): void {
    this.#worker.terminate();
    this.#fail(new RoomClosedError('The worker was closed'));
  }

  #send(method: string, argument: unknown): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, argument });
    });
  }

  #receive(message: Message): void {
    if ('event' in message) return this.#listeners.get(message.event)?.(message.value as never);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('value' in message) return pending?.resolve(message.value as never);
    const { name, message: text } = message.error;
    return pending?.reject(Object.assign(new Error(text), { name }));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
