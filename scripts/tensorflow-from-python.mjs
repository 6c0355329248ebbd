// Builds the native part of @tensorflow/tfjs-node against the TensorFlow of a Python environment, for machines that can't have the
// official download, and for a newer TensorFlow than its 2.9. `PYTHON=python3 node scripts/tensorflow-from-python.mjs FOLDER`, with the
// folder that tfjs-node, or tfjs-node-gpu, was installed in (without its scripts: npm install --ignore-scripts). Linux, with g++.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const python = process.env['PYTHON'] ?? 'python3';

/** @param {boolean} holds @param {string} message */
function expect(holds, message) {
  if (holds) return;
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const found = ['tfjs-node', 'tfjs-node-gpu']
  .map((name) => path.resolve(folder, 'node_modules/@tensorflow', name))
  .find((candidate) => existsSync(path.join(candidate, 'binding')));
expect(
  found !== undefined,
  `Expected @tensorflow/tfjs-node or tfjs-node-gpu under ${path.resolve(folder)}: install it first.`,
);

const locate =
  "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.submodule_search_locations[0] if s else '')";
const tensorflow = execFileSync(python, ['-c', locate], { encoding: 'utf8' }).trim();
expect(
  tensorflow !== '',
  `${python} has no TensorFlow: ${python} -m pip install tensorflow-cpu, or name another in PYTHON.`,
);
const libraries = globSync(['libtensorflow_cc.so.*', 'libtensorflow_framework.so.*'], { cwd: tensorflow });
expect(
  libraries.length === 2,
  `Expected libtensorflow_cc and libtensorflow_framework in ${tensorflow}, found: ${libraries.join()}`,
);

const headers = [
  path.resolve(process.execPath, '../../include/node'),
  '/usr/include/node',
  '/usr/local/include/node',
].find((candidate) => existsSync(path.join(candidate, 'node_api.h')));
expect(
  headers !== undefined,
  'Expected node_api.h, the headers of Node: install them, as the package libnode-dev does.',
);

const target = path.join(String(found), 'lib/napi-v8');
mkdirSync(target, { recursive: true });
const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];
const includes = ['.', String(headers), path.join(tensorflow, 'include')].map((each) => `-I${each}`);
const links = [`-L${tensorflow}`, ...libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${tensorflow}`];
const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'];
execFileSync('g++', [...flags, ...includes, ...sources, '-o', path.join(target, 'tfjs_binding.node'), ...links], {
  cwd: String(found),
  stdio: 'inherit',
});
process.stdout.write(`built ${path.join(target, 'tfjs_binding.node')} for the TensorFlow in ${tensorflow}\n`);
