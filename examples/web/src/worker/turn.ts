const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

/** Lets the messages in that have arrived meanwhile. A timer would wait 4 ms, which is as long as a step. */
export function turn(): Promise<void> {
  return new Promise((resume) => {
    waiting.push(resume);
    port2.postMessage(undefined);
  });
}
