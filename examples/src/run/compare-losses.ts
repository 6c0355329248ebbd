import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LossName } from '../loss-names.ts';
import type { ComparisonConfig, RunConfig } from './config.ts';
import { runFiles } from './files.ts';
import { beginFolder, type Found } from './folder.ts';
import { readJson } from './read-files.ts';
import type { Session } from './session.ts';
import { readStatus, type RunStatus, thisMachine, writeStatus } from './status.ts';
import { endedOutcome, type RunOutcome, trainRun } from './train-run.ts';

/** How each run of a comparison ended; those that a signal kept from beginning are missing. */
export type ComparisonOutcome = ReadonlyMap<LossName, RunOutcome>;

/**
 * Runs the same training once with each loss, one after the other, each in a folder of its own. Runs that an earlier
 * session ended are left as they are.
 *
 * @param found Undefined to begin anew.
 * @param afterRun Called with the folder of each run that has ended or was stopped here.
 */
export async function compareLosses(
  folder: string,
  config: ComparisonConfig,
  found: Found<ComparisonConfig> | undefined,
  session: Session,
  afterRun: (folder: string) => Promise<void>,
): Promise<ComparisonOutcome> {
  if (found === undefined) await beginFolder(folder, config);
  const outcomes = new Map<LossName, RunOutcome>();
  for (const [i, loss] of config.losses.entries()) {
    session.report({ event: 'note', message: `\nrun ${i + 1} of ${config.losses.length}: ${loss}` });
    const outcome = await runOne(join(folder, loss), runConfig(config, loss), found !== undefined, session, afterRun);
    outcomes.set(loss, outcome);
    await writeStatus(folder, comparisonStatus(config, outcomes, session));
    if (outcome.state === 'stopped') break;
  }
  return outcomes;
}

async function runOne(
  folder: string,
  config: RunConfig,
  mayGoOn: boolean,
  session: Session,
  afterRun: (folder: string) => Promise<void>,
): Promise<RunOutcome> {
  const found = mayGoOn ? await findSameRun(folder, config) : undefined;
  const ended = endedOutcome(found);
  if (ended !== undefined) return ended;
  const outcome = await trainRun(folder, config, found, session);
  await afterRun(folder);
  return outcome;
}

/** A run of exactly this configuration. Any other is of a comparison that was overwritten, and will be, too. */
async function findSameRun(folder: string, config: RunConfig): Promise<Found<RunConfig> | undefined> {
  const stored = await readJson<RunConfig>(join(folder, runFiles.config));
  return isDeepStrictEqual(stored, config) ? { config, status: await readStatus(folder) } : undefined;
}

function runConfig({ losses: _, ...shared }: ComparisonConfig, loss: LossName): RunConfig {
  return { ...shared, loss };
}

function comparisonStatus({ losses }: ComparisonConfig, outcomes: ComparisonOutcome, { backend }: Session): RunStatus {
  const ended = [...outcomes.values()];
  const isStopped = ended.at(-1)?.state === 'stopped';
  const state = isStopped ? 'stopped' : ended.length === losses.length ? 'finished' : 'running';
  const sum = (quantity: 'step' | 'seconds') => ended.reduce((total, outcome) => total + outcome[quantity], 0);
  return { state, step: sum('step'), seconds: sum('seconds'), backend, machine: thisMachine(), memory: [] };
}
