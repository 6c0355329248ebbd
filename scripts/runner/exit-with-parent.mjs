// Loaded into a task's process before its own code. The task runs in a process group of its own (see hand-over.mjs); should
// the command that started it be killed outright, nobody would pass it a Ctrl-C any more and it would train on unseen.
import { isMainThread } from 'node:worker_threads';

const parent = Number(process.env['LAB_PARENT']);

function check() {
  if (process.ppid === parent) return;
  clearInterval(timer);
  process.kill(process.pid, 'SIGINT');
}

const timer = isMainThread && parent > 0 ? setInterval(check, 1000).unref() : undefined;
