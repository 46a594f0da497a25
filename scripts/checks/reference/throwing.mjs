// Which classes and methods of lib/ throw when they are called: those whose bodies throw, or call what does. Calls are
// followed through imports, without types: what stands behind a variable is not seen, and what runs at synthesis only
// (validations, lazy values) is reported there.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { filesBelow } from '../../lib/work.mjs';

/** Members whose functions run later than the call that they are written in. */
const LATER = new Set(['validate', 'produce', 'onSynthesize']);

/** Names like `EncryptionKey.fromKeyArn`, `Envelope.constructor`, of everything below the folder that throws. */
export function throwing(folder) {
  const functions = new Map();
  for (const file of filesBelow(folder).filter((path) => path.endsWith('.ts'))) {
    readModule(file, functions);
  }
  const throws = new Set([...functions].filter(([, { own }]) => own).map(([id]) => id));
  for (let before = -1; before !== throws.size; ) {
    before = throws.size;
    for (const [id, { calls }] of functions) {
      if (calls.some((call) => throws.has(call))) {
        throws.add(id);
      }
    }
  }
  return new Set([...throws].map((id) => id.slice(id.indexOf('#') + 1)));
}

/** Adds every function, method, accessor and constructor of a module: whether it throws itself, and what it calls. */
function readModule(file, functions) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const imported = importsOf(source, file);
  const idOf = (name) => imported.get(name) ?? `${file}#${name}`;
  const add = (name, body, around) => functions.set(`${file}#${name}`, look(body, idOf, around));
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement)) {
      add(statement.name.text, statement.body, {});
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        add(name.getText(), initializer, {});
      }
    } else if (ts.isClassDeclaration(statement)) {
      const own = statement.name.text;
      const extended = statement.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
      const base = extended && idOf(extended.types[0].expression.getText());
      for (const member of statement.members.filter((one) => one.body)) {
        const name = ts.isConstructorDeclaration(member) ? 'constructor' : member.name.getText();
        add(`${own}.${name}`, member.body, { own: `${file}#${own}`, base });
      }
    }
  }
}

function importsOf(source, file) {
  const names = new Map();
  for (const { importClause, moduleSpecifier } of source.statements.filter(ts.isImportDeclaration)) {
    const bindings = importClause?.namedBindings;
    if (moduleSpecifier.text.startsWith('.') && bindings && ts.isNamedImports(bindings)) {
      const module = `${join(dirname(file), moduleSpecifier.text)}.ts`;
      for (const { name, propertyName } of bindings.elements) {
        names.set(name.text, `${module}#${(propertyName ?? name).text}`);
      }
    }
  }
  return names;
}

function look(body, idOf, { own, base }) {
  const found = { own: false, calls: [] };
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && LATER.has(node.name.getText())) {
      return;
    }
    if (ts.isThrowStatement(node)) {
      found.own = true;
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
      found.calls.push(`${idOf(node.expression.text)}.constructor`);
    } else if (ts.isCallExpression(node)) {
      found.calls.push(...called(node.expression, idOf, own, base));
    }
    ts.forEachChild(node, visit);
  };
  if (body) {
    visit(body);
  }
  return found;
}

function called(callee, idOf, own, base) {
  if (callee.kind === ts.SyntaxKind.SuperKeyword) {
    return base ? [`${base}.constructor`] : [];
  }
  if (ts.isIdentifier(callee)) {
    return [idOf(callee.text)];
  }
  if (!ts.isPropertyAccessExpression(callee)) {
    return [];
  }
  const name = callee.name.text;
  switch (callee.expression.kind) {
    case ts.SyntaxKind.ThisKeyword:
      return [own, base].filter(Boolean).map((type) => `${type}.${name}`);
    case ts.SyntaxKind.Identifier:
      return [`${idOf(callee.expression.text)}.${name}`];
    default:
      return [];
  }
}
