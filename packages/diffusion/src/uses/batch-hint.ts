/** What to do where `sample` makes another number of pictures at a time than are given. */
export function batchHint(count: number): string {
  return `One is given for each picture that is made at a time: 'sample' makes 250 unless its batchSize is, say, ${count}.`;
}
