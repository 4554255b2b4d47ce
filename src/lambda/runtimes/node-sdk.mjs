// Lambda brings the AWS SDK v3 to Node functions. Here the rig's own copy stands in for it, but only for a function whose own
// packages lack it: a function with its own copy gets that one, as on Lambda.

import module from 'node:module';
import { pathToFileURL } from 'node:url';

const isSdk = (specifier) => specifier.startsWith('@aws-sdk/') || specifier.startsWith('@smithy/');

/** What `import` and `require` throw when a package is not there. */
const isMissing = (error) => error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND';

const own = module.createRequire(import.meta.url);

/** From here on an SDK package that the function does not have is looked up from this file. */
export function offerSdk() {
  if (module.registerHooks) module.registerHooks({ resolve });
  else offerSdkBeforeHooks();
}

function resolve(specifier, context, nextResolve) {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    if (!isSdk(specifier) || !isMissing(error)) throw error;
    try {
      // For `require`, Node's own step goes by the module that asks, whatever the context says.
      if (context.conditions.includes('require')) {
        return { url: pathToFileURL(own.resolve(specifier)).href, shortCircuit: true };
      }
      return nextResolve(specifier, { ...context, parentURL: import.meta.url });
    } catch {
      throw error;
    }
  }
}

/** Node before 22.15 has a hook for `import` on a thread of its own, and only the loader's inside for `require`. */
function offerSdkBeforeHooks() {
  const source = `const [isSdk, isMissing] = [${isSdk.toString()}, ${isMissing.toString()}];
    export async function resolve(specifier, context, nextResolve) {
      try {
        return await nextResolve(specifier, context);
      } catch (error) {
        if (!isSdk(specifier) || !isMissing(error)) throw error;
        return nextResolve(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} }).catch(() => { throw error; });
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
