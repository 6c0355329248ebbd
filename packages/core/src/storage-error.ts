/** A file that can't be read or written. The message says which and what to do; nothing half-written is left behind. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly path: string;
  /** The system's code, such as 'ENOSPC', or 'unknown'. */
  readonly code: string;
  readonly remedy: string;

  constructor(details: { action: 'read' | 'write'; path: string; cause: unknown }) {
    const code = (details.cause as { code?: string } | null)?.code ?? 'unknown';
    const { problem, remedy } = explanations[code] ?? { problem: describe(details.cause), remedy: 'See the cause.' };
    super(`Can't ${details.action} ${details.path}: ${problem} (${code}). ${remedy}`, { cause: details.cause });
    this.path = details.path;
    this.code = code;
    this.remedy = remedy;
  }
}

const explanations: Readonly<Record<string, { readonly problem: string; readonly remedy: string }>> = {
  ENOSPC: { problem: 'the disk is full', remedy: 'Free some space, or write to another disk.' },
  EDQUOT: { problem: 'the disk quota is used up', remedy: 'Free some space, or write to another disk.' },
  EROFS: { problem: 'the file system is read-only', remedy: 'Write to another folder.' },
  EACCES: { problem: 'permission is denied', remedy: 'Use a folder that is yours, or change its permissions.' },
  EPERM: {
    problem: 'the operation is not permitted',
    remedy: 'Use a folder that is yours, or change its permissions.',
  },
  ENOENT: { problem: 'the file or its folder does not exist', remedy: 'Check the path, or create the folder first.' },
  ENOTDIR: { problem: 'a part of the path is a file, not a folder', remedy: 'Check the path.' },
  EISDIR: { problem: 'it is a folder', remedy: 'Give the path of a file.' },
  ENAMETOOLONG: { problem: 'the name is too long', remedy: 'Use a shorter name.' },
  EMFILE: { problem: 'too many files are open', remedy: 'Close some, or raise the limit (ulimit -n).' },
  EFBIG: { problem: 'it would be larger than the file system or a limit allows', remedy: 'Write to another disk.' },
  EIO: { problem: 'the disk reports an error', remedy: 'Check the disk; write to another one.' },
};

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
