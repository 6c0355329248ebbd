export { readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
export { StorageError } from './storage-error.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
