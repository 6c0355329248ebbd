import ts from 'typescript';

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.ValueModule, 'namespace'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
];

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  noEmit: true,
};

/** A class and an interface of one name are one export with two kinds, as are a constant and its type. */
function kindOf(symbol: ts.Symbol, checker: ts.TypeChecker) {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const found = kinds.filter(([flag]) => real.flags & flag).map(([, name]) => name);
  if (found.length === 0) throw new Error(`'${symbol.name}' is exported but cannot be resolved`);
  return found.includes('class') ? 'class' : found.join(' and ');
}

/**
 * Every name that a built module exports, with its kind, from its declaration file.
 * @returns lines such as `function imageGrid`, sorted by name
 */
export function publicExports(declarationFile: string): string[] {
  const program = ts.createProgram([declarationFile], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(declarationFile);
  if (!source) throw new Error(`${declarationFile} does not exist: build first`);
  const module = checker.getSymbolAtLocation(source);
  if (!module) return [];
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, kind: kindOf(symbol, checker) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, kind }) => `${kind} ${name}`);
}
