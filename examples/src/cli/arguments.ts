import { parseArgs } from 'node:util';
import { ConfigError, requireInteger, requireOneOf } from '@lab/core';
import type { RunMode, RunRequest } from '../run/config.ts';
import { type OptionName, optionNames, optionSpecs, type OptionSpec } from './options.ts';

/** The command line, checked. */
export interface Arguments {
  /** As typed; undefined for the default. */
  readonly task: string | undefined;
  readonly help: boolean;
  readonly request: Omit<RunRequest, 'task'>;
  /** Those that were given. */
  readonly options: readonly OptionName[];
  /** What follows the task's name. */
  readonly operands: readonly string[];
}

/** @throws ConfigError naming what is wrong with the first argument that is, and what would be valid. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = split(argv);
  const { help, json: _, resume, overwrite, ...settings } = readValues(values);
  if (resume === true && overwrite === true) {
    const expected = 'given without --overwrite (go on, or begin anew)';
    throw new ConfigError({ field: '--resume', value: 'with it', expected });
  }
  const mode: RunMode = resume === true ? 'resume' : overwrite === true ? 'overwrite' : 'new';
  const request = { ...settings, mode } as Omit<RunRequest, 'task'>;
  const [task, ...operands] = positionals;
  return { task, operands, help: help === true, request, options: [...values.keys()] };
}

interface Split {
  readonly values: ReadonlyMap<OptionName, string | undefined>;
  readonly positionals: readonly string[];
}

/** Only takes the arguments apart: `parseArgs` in strict mode neither lists nor suggests names. */
function split(argv: readonly string[]): Split {
  const options = Object.fromEntries(optionNames.map((name) => [name, { type: argumentType(optionSpecs[name]) }]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<OptionName, string | undefined>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    values.set(token.name === 'h' ? 'help' : knownName(token.name, token.rawName), token.value);
  }
  return { values, positionals };
}

function argumentType({ kind }: OptionSpec): 'boolean' | 'string' {
  return kind === 'switch' ? 'boolean' : 'string';
}

function knownName(name: string, typed: string): OptionName {
  const names = optionNames.map((each) => `--${each}`);
  return requireOneOf('The option', typed.startsWith('--') ? `--${name}` : typed, names).slice(2) as OptionName;
}

type Settings = Partial<Record<OptionName, string | number | true>>;

function readValues(values: Split['values']): Settings {
  return Object.fromEntries([...values].map(([name, value]) => [name, readValue(name, value)]));
}

function readValue(name: OptionName, value: string | undefined): string | number | true {
  const spec: OptionSpec = optionSpecs[name];
  const field = `--${name}`;
  if (spec.kind === 'switch') {
    if (value === undefined) return true;
    throw new ConfigError({ field, value, expected: 'without a value' });
  }
  if (value === undefined || value === '' || value.startsWith('--')) {
    throw new ConfigError({ field, value: value ?? 'nothing', expected: `followed by its value, ${spec.value}` });
  }
  if (spec.kind === 'choice') return requireOneOf(field, value, spec.choices ?? []);
  if (spec.kind === 'text') return value;
  return requireInteger(field, asNumber(value), {
    min: spec.min ?? 0,
    ...(spec.max !== undefined && { max: spec.max }),
  });
}

/** The text itself, for the message, where it isn't a number. */
function asNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}
