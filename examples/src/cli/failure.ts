import { ConfigError } from '@lab/core';
import { OptionError } from '@lab/mnist-data';
import { FolderError } from '../run/folder.ts';
import { exitCodes } from '../tasks/exit-codes.ts';

/** What a user is told of an error, and the exit code. With DEBUG set, it comes with its stack and causes. */
export function explainFailure(error: unknown): { readonly message: string; readonly exitCode: number } {
  const isUsage = error instanceof ConfigError || error instanceof OptionError || error instanceof FolderError;
  const exitCode = isUsage ? exitCodes.usage : exitCodes.failed;
  return { message: error instanceof Error ? describe(error) : String(error), exitCode };
}

/** The errors that are made for users. Any other is a fault of the program, and is said to be one. */
const named = ['BackendUnavailableError', 'CheckpointError', 'ConfigError', 'DataFormatError', 'DivergenceError'];
const expected = new Set([...named, 'BrokenOffError', 'FolderError', 'OptionError', 'StorageError']);

function describe(error: Error): string {
  if (expected.has(error.name)) return error.message;
  return `${error.name}: ${error.message}\nThis is a fault of the program, not yours. Set DEBUG=1 to see where it arose.`;
}
