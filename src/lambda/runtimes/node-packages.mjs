// What a Node function finds besides its own packages: layers, from `import` as from `require`, and the AWS SDK v3, which Lambda
// brings. For that one the rig's own copy stands in, but only where neither the function nor a layer has it, as on Lambda.

import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const isSdk = (specifier) => specifier.startsWith('@aws-sdk/') || specifier.startsWith('@smithy/');

/** What `import` and `require` throw when a package is not there. */
const isMissing = (error) => error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND';

/** Neither a path nor a URL. */
const isPackage = (specifier) => /^[^./]/.test(specifier) && !specifier.includes(':');

const own = module.createRequire(import.meta.url);

/** `require` looks in NODE_PATH by itself, `import` only on Lambda (AWS Compute Blog, "Node.js 18.x runtime now available"). */
const layers = (process.env.NODE_PATH ?? '')
  .split(':')
  .filter((folder) => path.basename(folder) === 'node_modules')
  .map((folder) => pathToFileURL(path.join(folder, '..', 'layer')).href);

/** Modules whose packages stand in for those that the function lacks. */
const parentsFor = (specifier) => [...layers, ...(isSdk(specifier) ? [import.meta.url] : [])];

/** From here on a package that the function does not have is looked up in its layers, and one of the SDK from this file. */
export function offerPackages() {
  if (module.registerHooks) module.registerHooks({ resolve });
  else offerPackagesBeforeHooks();
}

function resolve(specifier, context, nextResolve) {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    if (!isPackage(specifier) || !isMissing(error)) throw error;
    // For `require`, Node's own step goes by the module that asks, whatever the context says; layers it has looked through.
    if (context.conditions.includes('require')) return requireSdk(specifier, error);
    for (const parentURL of parentsFor(specifier)) {
      try {
        return nextResolve(specifier, { ...context, parentURL });
      } catch {
        // The next one may have it.
      }
    }
    throw error;
  }
}

function requireSdk(specifier, error) {
  if (!isSdk(specifier)) throw error;
  try {
    return { url: pathToFileURL(own.resolve(specifier)).href, shortCircuit: true };
  } catch {
    throw error;
  }
}

/** Node before 22.15 has a hook for `import` on a thread of its own, and only the loader's inside for `require`. */
function offerPackagesBeforeHooks() {
  const source = `const [isSdk, isMissing, isPackage] = [${isSdk.toString()}, ${isMissing.toString()}, ${isPackage.toString()}];
    const layers = ${JSON.stringify(layers)};
    export async function resolve(specifier, context, nextResolve) {
      try {
        return await nextResolve(specifier, context);
      } catch (error) {
        if (!isPackage(specifier) || !isMissing(error)) throw error;
        for (const parentURL of [...layers, ...(isSdk(specifier) ? [${JSON.stringify(import.meta.url)}] : [])]) {
          try {
            return await nextResolve(specifier, { ...context, parentURL });
          } catch {}
        }
        throw error;
      }
    }`;
  module.register(`data:text/javascript,${encodeURIComponent(source)}`);
  const { Module } = module;
  const original = Module._resolveFilename;
  Module._resolveFilename = (specifier, ...rest) => {
    try {
      return original.call(Module, specifier, ...rest);
    } catch (error) {
      if (!isSdk(specifier) || !isMissing(error)) throw error;
      return own.resolve(specifier);
    }
  };
}
