export { readIdxFile, writeIdxFile, type ReadIdxOptions } from './idx-file.ts';
export { loadIdxDirectory, type LoadIdxDirectoryOptions } from './load-idx-directory.ts';
export { loadMnist } from './load-mnist-node.ts';
