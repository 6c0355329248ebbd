import { existsSync } from 'node:fs';
import path from 'node:path';
import { PlainError } from './plain-error.mjs';
import { root } from './workspace.mjs';

/** Node strips types from .ts files by itself from here on. @type {[number, number]} */
const firstWithTypes = [22, 18];

/** @param {readonly [number, number]} least */
function currentIsAtLeast([major, minor]) {
  const [currentMajor = 0, currentMinor = 0] = process.versions.node.split('.').map(Number);
  return currentMajor > major || (currentMajor === major && currentMinor >= minor);
}

export function requireSupportedNode() {
  if (currentIsAtLeast([20, 0])) return;
  throw new PlainError(`Node 20 or newer is needed to start; this is ${process.version}.`);
}

function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(root, 'node_modules', 'node', 'bin', name);
}

/**
 * The Node that tools and tasks run on: the one pinned in package.json, or, with LAB_NODE=system and where the pinned one
 * does not exist for this platform, the current one if it is new enough.
 */
export function workspaceNode() {
  if (process.env['LAB_NODE'] !== 'system' && existsSync(pinnedNode())) return pinnedNode();
  if (currentIsAtLeast(firstWithTypes)) return process.execPath;
  throw new PlainError(
    `The lab runs on Node ${firstWithTypes.join('.')} or newer; this is ${process.version}` +
      (process.env['LAB_NODE'] === 'system'
        ? '. Unset LAB_NODE to use the Node that the workspace installs.'
        : `, and the one that npm installs is missing.\nDelete node_modules and run the command again, or install Node 22.`),
  );
}
