import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/layers.ts', 'src/node.ts', 'src/testing.ts', 'src/tf.ts'],
  // A bundled `export *` from two packages becomes an object filled at run time, of type any: `tf` stays a module of
  // its own, which is why it alone is imported as './tf.js'.
  external: ['./tf.js'],
  format: 'esm',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
});
