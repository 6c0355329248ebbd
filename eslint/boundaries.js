import path from 'node:path';
import { mayImport, mayLoad, testsMayImport, tfjsThroughCore, withoutTfjs } from './package-graph.js';

/**
 * Where in the workspace a file is.
 * @param {string} root
 * @param {string} filename
 */
function locate(root, filename) {
  const [top, name, part] = path.relative(root, filename).split(path.sep);
  if (top !== 'packages' || name === undefined) return undefined;
  return { name, inSource: part === 'src', folder: path.join(root, 'packages', name) };
}

/**
 * @param {{ name: string, inSource: boolean }} from
 * @param {string} target
 * @param {boolean} dynamic
 */
function checkPackage({ name, inSource }, target, dynamic) {
  if (target === name) return inSource ? { messageId: 'self' } : undefined;
  const allowed = (inSource ? mayImport[name] : testsMayImport(name)) ?? [];
  if (allowed.includes(target)) return undefined;
  if (!mayLoad[name]?.includes(target)) return { messageId: 'forbidden' };
  return dynamic ? undefined : { messageId: 'dynamicOnly' };
}

/**
 * @param {{ name: string, inSource: boolean }} from
 * @param {string} specifier
 */
function checkTfjs({ name, inSource }, specifier) {
  if (!inSource || !specifier.startsWith('@tensorflow/')) return undefined;
  if (withoutTfjs.includes(name)) return { messageId: 'noTfjs' };
  return tfjsThroughCore.includes(name) ? { messageId: 'tfjsThroughCore' } : undefined;
}

/**
 * @param {{ name: string, inSource: boolean, folder: string }} from
 * @param {string} filename
 * @param {string} specifier
 * @param {boolean} dynamic
 */
function check(from, filename, specifier, dynamic) {
  if (specifier.startsWith('.')) {
    const target = path.resolve(path.dirname(filename), specifier);
    return target.startsWith(from.folder + path.sep) ? undefined : { messageId: 'escapes' };
  }
  const ours = /^@lab\/([^/]+)/.exec(specifier)?.[1];
  return ours === undefined ? checkTfjs(from, specifier) : checkPackage(from, ours, dynamic);
}

/**
 * Forbids imports that the table in package-graph.js does not allow: static, dynamic, re-exporting and type imports alike.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const boundaries = {
  meta: {
    type: 'problem',
    schema: [
      { type: 'object', properties: { root: { type: 'string' } }, required: ['root'], additionalProperties: false },
    ],
    messages: {
      forbidden: "'{{name}}' may not know '{{specifier}}'. It may import: {{allowed}} (eslint/package-graph.js).",
      dynamicOnly: "'{{name}}' may load '{{specifier}}' by a dynamic import() only: it has to work without it.",
      self: "'{{specifier}}' is this package itself. Import the file by its relative path.",
      escapes: "'{{specifier}}' leads out of the package. Import the other package by its name.",
      tfjsThroughCore: "Take tfjs from '@lab/core' (`import { tf } from '@lab/core'`), not from '{{specifier}}'.",
      noTfjs: "'{{name}}' is usable without tfjs; '{{specifier}}' does not belong here.",
    },
  },
  create(context) {
    const from = locate(context.options[0].root, context.filename);
    if (from === undefined) return {};
    /** @param {any} node @param {boolean} [dynamic] */
    const visit = (node, dynamic = false) => {
      const specifier = node?.value;
      if (typeof specifier !== 'string') return;
      const problem = check(from, context.filename, specifier, dynamic);
      const allowed = mayImport[from.name]?.map((name) => `@lab/${name}`).join(', ') || 'none of ours';
      if (problem) context.report({ node, ...problem, data: { name: from.name, specifier, allowed } });
    };
    return {
      ImportDeclaration: (node) => visit(node.source),
      ExportNamedDeclaration: (node) => visit(node.source),
      ExportAllDeclaration: (node) => visit(node.source),
      ImportExpression: (node) => visit(node.source, true),
      TSImportType: (/** @type {any} */ node) => visit(node.source, true),
    };
  },
};
