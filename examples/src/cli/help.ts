import { lossFormulas, lossNames } from '../loss-names.ts';
import { presetNames, presets } from '../presets.ts';
import { tasks } from '../tasks/registry.ts';
import { optionNames, optionSpecs, type OptionSpec } from './options.ts';

/** What `--help` prints. */
export function helpText(): string {
  return [
    'usage: npm run lab -- [task] [options]',
    section(
      'tasks',
      tasks.map(({ name, operands, summary }) => [`${name} ${operands ?? ''}`.trim(), summary]),
    ),
    section(
      'options',
      optionNames.map((name) => [optionUsage(name), optionSpecs[name].help]),
    ),
    section(
      'losses (what G minimises)',
      lossNames.map((name) => [name, lossFormulas[name]]),
    ),
    section(
      'presets',
      presetNames.map((name) => [name, presets[name].summary]),
    ),
    section('exit codes', exitCodeHelp),
    `examples\n${exampleLines.map((line) => `  npm run lab -- ${line}`).join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

const exitCodeHelp = [
  ['0', 'done'],
  ['1', 'something failed; the message says what'],
  ['2', 'an argument is wrong, or the folder holds another run'],
  ['3', 'a loss became NaN or infinite'],
  ['130, 143', 'stopped by Ctrl-C, or asked to end; all is saved'],
] as const;

const exampleLines = [
  'gan --loss minimax --preset lab --seed 7 --backend simd --out runs/x --resume --json',
  'diffusion --digit 3',
  'gan --data /usr/share/datasets/fashion-mnist',
];

function optionUsage(name: (typeof optionNames)[number]): string {
  const { value }: OptionSpec = optionSpecs[name];
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join('\n');
}
