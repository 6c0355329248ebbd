// Somebody who wants the judges that come with a package: what they read of the first digits of the test set.
import { evaluate, loadPretrained, predictWith } from '@lab/adversarial';
import { useBackend } from '@lab/core';
import { orderedBatches } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/node';

await useBackend('simd');
const { test } = await loadMnist();
const [pictures] = orderedBatches(test, { batchSize: 100 });
const accuracies: number[] = [];
for (const name of ['judge', 'second'] as const) {
  const model = await loadPretrained(name);
  accuracies.push((await evaluate(predictWith(model), pictures!)).accuracy);
}
console.log(JSON.stringify({ accuracies, resolved: [import.meta.resolve('@lab/adversarial')] }));
