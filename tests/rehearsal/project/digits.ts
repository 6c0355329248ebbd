// The program of somebody who wants digits: sevens from the weights that the package brings, without any data set.
import { loadPretrained } from '@lab/cgan';
import { useBackend, type BackendName } from '@lab/core';

const started = performance.now();
const { name } = await useBackend(process.argv[2] as BackendName);
const digits = await loadPretrained();
const draw = async () => [...(await digits.sample({ label: 7, count: 64, seed: 1 }).data())];
const sevens = await draw();
const milliseconds = Math.round(performance.now() - started);
const again = await draw();

console.log(
  JSON.stringify({
    backend: name,
    milliseconds,
    pixels: sevens.length,
    brightness: sevens.reduce((sum, pixel) => sum + pixel, 0) / sevens.length,
    repeats: sevens.every((pixel, index) => pixel === again[index]),
  }),
);
