// The modules that a package can be imported by, as its package.json lists them.

/**
 * @param exports - of a package.json
 * @returns the path after the package's name (`.`, `./matchers`), and its module below `dist` (`index`, `adapters/sqs`)
 */
export function modulesOf({ exports }) {
  return Object.entries(exports).flatMap(([path, target]) => {
    const file = target.import?.default ?? target.default;
    // Schemas and package.json stand there by themselves.
    return file === undefined ? [] : [{ path, module: file.replace(/^\.\/dist\/|\.js$/g, '') }];
  });
}
