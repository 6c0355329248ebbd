import { checkPackage, type Package, type Problem } from '@arethetypeswrong/core';

/** We publish ES modules alone: the resolutions that only CommonJS programs use are not ours to serve. */
const notServed = new Set(['node10', 'node16-cjs']);

function isServed(problem: Problem) {
  if ('resolutionKind' in problem) return !notServed.has(problem.resolutionKind);
  return !('resolutionOption' in problem) || !notServed.has(problem.resolutionOption);
}

/** What arethetypeswrong finds in a packed package, in its `esm-only` profile. */
export async function typesProblems(tarball: Package, excludeEntrypoints: string[]): Promise<Problem[]> {
  const result = await checkPackage(tarball, { excludeEntrypoints });
  if (!result.types) throw new Error(`${result.packageName} has no types`);
  return result.problems.filter(isServed);
}
