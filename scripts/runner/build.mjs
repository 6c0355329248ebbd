import { step } from './step.mjs';
import { tool } from './tools.mjs';

/**
 * Runs a task of turbo.json in the selected workspaces; what has not changed comes from its cache.
 * @param {string} task
 * @param {string} label
 * @param {string[]} filters turbo filters; none: everything
 * @param {{ always?: boolean }} [options]
 */
export function turbo(task, label, filters, options) {
  const selection = filters.map((filter) => `--filter=${filter}`);
  const how = ['--concurrency=2', '--output-logs=errors-only', '--log-order=grouped'];
  return step(label, ...tool('turbo', ['run', task, ...selection, ...how]), options);
}

/**
 * @param {string[]} filters
 * @param {{ always?: boolean }} [options]
 */
export const build = (filters, options) => turbo('build', 'building', filters, options);
