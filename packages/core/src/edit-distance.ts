/**
 * Edits that lead from one string to another: insert, delete, replace, swap of neighbours
 * (Damerau 1964; the restricted form, in which no part is edited twice).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, beforePrevious[column - 2]! + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The choices, nearest to `value` first; equal ones stay in their order. */
export function nearestFirst(value: string, choices: readonly string[]): string[] {
  const typed = value.toLowerCase();
  const distances = new Map(choices.map((choice) => [choice, editDistance(typed, choice.toLowerCase())]));
  return [...choices].sort((a, b) => distances.get(a)! - distances.get(b)!);
}
