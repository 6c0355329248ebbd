// Fork and join over the threads that share this memory.
//
// A job is a function, called once for each chunk number. Chunks are claimed from one atomic word that holds the job's
// generation beside the chunks left, so a worker that is late, or not running at all, delays nobody: it finds either
// work of the generation it woke up for or nothing. The owner claims from the low end and workers from the high end, so
// that each finds in its own cache what it left there in the kernels before. Whoever claims takes a part of what is left
// (guided self-scheduling: Polychronopoulos and Kuck 1987): few claims at first, and single chunks at the end, so that none waits
// long for the last. Workers spin for a moment before they
// sleep, since the next kernel of a training step usually follows within microseconds.
//
// A worker that dies between chunks is not missed. One that dies in the middle of a chunk leaves a result that nobody can
// complete: the join traps, and so does every job after it, since a chunk may still be running that reads the arguments.

const EPOCH: usize = 0; // i32: generation of the newest job; workers sleep on it
const CLAIM: usize = 64; // u64: generation << 40 | first chunk left << 20 | end of the chunks left
const DONE: usize = 128; // i32: chunks finished; the joining thread sleeps on it
const SLEEPERS: usize = 192; // i32: workers asleep
const JOINING: usize = 196; // i32: 1 while the joining thread sleeps
const TASK: usize = 256; // u32: table index of the function
const CHUNKS: usize = 260; // i32: chunks of the job
const QUIT: usize = 264; // i32: 1 ends the workers
const LOST: usize = 268; // i32: 1 when a worker has died in a chunk
const THREADS: usize = 272; // i32: how many share the memory
const ARGUMENTS: usize = 320;
const CONTROL_BYTES: usize = 640;

const FIELD: i32 = 20; // bits of a chunk number
const GENERATIONS: u32 = 0xffffff;

const MOST_AT_ONCE: u32 = 64; // chunks claimed: whoever joins wants to see some done now and then
const WORKER_SPINS: i32 = 100000;
const JOIN_SPINS: i32 = 50000; // longer than a chunk takes
const WAIT: i64 = 1000000; // nanoseconds
/** Rounds of joining without a chunk done after which its thread counts as dead: about ten seconds. */
const WAITING_ROUNDS: i32 = 10000;
const SPINNING_ROUNDS: i32 = 200000;

let control: usize = 0;
let threads: i32 = 1;
let mayWait: bool = false;
let generation: u32 = 0;
let threadNumber: i32 = 0;
/** The first of the chunks that the calling thread has claimed. */
let claimed: i32 = 0;
/** False while a job is under way, and ever after one that was not completed. */
let joined: bool = true;

/** Where a job's arguments stand: written before the fork, read by every chunk. */
// @ts-ignore: decorator
@inline
export function args(): usize {
  return control + ARGUMENTS;
}

/** Which thread this is: 0 for the one that owns the memory. */
// @ts-ignore: decorator
@inline
export function currentThread(): i32 {
  return threadNumber;
}

// @ts-ignore: decorator
@inline
export function threadCount(): i32 {
  return threads;
}

/** Called once by the thread that owns the memory. Returns the control block, which workers are given. */
export function initPool(count: i32, ownerMayWait: bool): usize {
  control = (heap.alloc(CONTROL_BYTES + 64) + 63) & ~63;
  memory.fill(control, 0, CONTROL_BYTES);
  threads = count;
  store<i32>(control + THREADS, count);
  mayWait = ownerMayWait;
  return control;
}

/** Calls `task` for the chunks 0 to `chunks` - 1, on all threads, and returns when the last has finished. */
export function parallelFor(task: u32, chunks: i32): void {
  if (!joined) unreachable();
  if (threads == 1 || chunks <= 1 || chunks >= 1 << FIELD) {
    for (let chunk = 0; chunk < chunks; chunk++) call_indirect<void>(task, chunk);
    return;
  }
  joined = false;
  fork(task, chunks);
  claimChunks(generation);
  join(chunks);
  joined = true;
}

/** Whether a job was not completed, so that there can be no other. */
export function isBroken(): bool {
  return !joined;
}

function fork(task: u32, chunks: i32): void {
  generation = (generation + 1) & GENERATIONS;
  atomic.store<i32>(control + DONE, 0);
  store<u32>(control + TASK, task);
  store<i32>(control + CHUNKS, chunks);
  atomic.store<u64>(control + CLAIM, ((<u64>generation) << (2 * FIELD)) | <u64>chunks);
  atomic.store<u32>(control + EPOCH, generation);
  if (atomic.load<i32>(control + SLEEPERS) > 0) atomic.notify(control + EPOCH, threads);
}

function claimChunks(job: u32): void {
  for (let count = claim(job); count > 0; count = claim(job)) {
    // Whoever holds a chunk holds the job: its task and arguments can't change before the chunk is counted as done.
    const chunks = load<i32>(control + CHUNKS);
    const task = load<u32>(control + TASK);
    for (let chunk = claimed, end = claimed + count; chunk < end; chunk++) call_indirect<void>(task, chunk);
    const done = atomic.add<i32>(control + DONE, count) + count;
    if (done == chunks && atomic.load<i32>(control + JOINING) != 0) atomic.notify(control + DONE, 1);
  }
}

/** How many chunks of this job the calling thread has got, from `claimed` on; 0 if none is left. */
function claim(job: u32): i32 {
  const mask: u32 = (1 << FIELD) - 1;
  while (true) {
    const left = atomic.load<u64>(control + CLAIM);
    const first = <u32>(left >> FIELD) & mask;
    const end = <u32>left & mask;
    if (<u32>(left >> (2 * FIELD)) != job || first >= end) return 0;
    const share = (end - first) / (2 * load<u32>(control + THREADS));
    const count = min(MOST_AT_ONCE, max<u32>(1, share));
    const low = threadNumber == 0;
    const rest = low ? left + (<u64>count << FIELD) : left - <u64>count;
    if (atomic.cmpxchg<u64>(control + CLAIM, left, rest) != left) continue;
    claimed = <i32>(low ? first : end - count);
    return <i32>count;
  }
}

function join(chunks: i32): void {
  const patience = mayWait ? WAITING_ROUNDS : SPINNING_ROUNDS;
  let before = 0;
  for (let rounds = 0; rounds < patience; rounds++) {
    for (let spins = 0; spins < JOIN_SPINS; spins++) {
      if (atomic.load<i32>(control + DONE) == chunks) return;
    }
    if (atomic.load<i32>(control + LOST) != 0) break;
    const done = atomic.load<i32>(control + DONE);
    if (done != before) rounds = 0;
    before = done;
    if (mayWait && done != chunks) sleep(done);
  }
  unreachable();
}

/** Until another chunk is done, or a moment has passed. */
function sleep(done: i32): void {
  atomic.store<i32>(control + JOINING, 1);
  atomic.wait<i32>(control + DONE, done, WAIT);
  atomic.store<i32>(control + JOINING, 0);
}

/** A worker's whole life: runs jobs until `quit`. */
export function work(controlBlock: usize, number: i32): void {
  control = controlBlock;
  threadNumber = number;
  let seen = atomic.load<u32>(control + EPOCH);
  claimChunks(seen);
  while (atomic.load<i32>(control + QUIT) == 0) {
    seen = awaitJob(seen);
    claimChunks(seen);
  }
}

/** Tells the joining thread that this worker has died in `work`, which it only does in a chunk. */
export function lose(): void {
  atomic.store<i32>(control + LOST, 1);
  atomic.notify(control + DONE, 1);
}

function awaitJob(seen: u32): u32 {
  for (let spins = 0; spins < WORKER_SPINS; spins++) {
    const epoch = atomic.load<u32>(control + EPOCH);
    if (epoch != seen) return epoch;
  }
  atomic.add<i32>(control + SLEEPERS, 1);
  atomic.wait<u32>(control + EPOCH, seen, -1);
  atomic.sub<i32>(control + SLEEPERS, 1);
  return atomic.load<u32>(control + EPOCH);
}

/** Lets every worker return from `work`. */
export function quit(): void {
  atomic.store<i32>(control + QUIT, 1);
  atomic.store<u32>(control + EPOCH, GENERATIONS + 1);
  atomic.notify(control + EPOCH, -1);
}
