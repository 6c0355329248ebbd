// Writes the repository that a release is built in into every published package.json: npm checks it against the provenance.
// The release workflow calls it, so that a fork publishes its own address and none is written down here.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, workspacePackages } from './runner/workspace.mjs';

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
if (!server || !repository) throw new Error('GITHUB_SERVER_URL and GITHUB_REPOSITORY must be set');

for (const { folder, manifest } of workspacePackages()) {
  if (manifest.private) continue;
  manifest.repository = { type: 'git', url: `git+${server}/${repository}.git`, directory: folder };
  writeFileSync(path.join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
