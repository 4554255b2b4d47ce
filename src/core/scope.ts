// A stack of resources that close in reverse. Node 22 has no AsyncDisposableStack, and the package runs there.

export interface Scope extends AsyncDisposable {
  /** Keeps a resource until the scope closes. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T;
  /** Keeps an action until the scope closes. */
  defer(action: () => PromiseLike<void> | void): void;
}

/** Closing twice is allowed. Every resource is closed even where an earlier one fails; the first failure is thrown. */
export function openScope(): Scope {
  const actions: (() => PromiseLike<void> | void)[] = [];
  return {
    use(resource) {
      actions.push(async () => {
        if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
        else resource[Symbol.dispose]();
      });
      return resource;
    },
    defer: (action) => void actions.push(action),
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = [];
      for (let action = actions.pop(); action; action = actions.pop()) {
        try {
          await action();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Opens what has several parts: those that are open are closed again where a later one fails. Whoever gets it closes the scope. */
export async function openInScope<T>(open: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = openScope();
  try {
    return await open(scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}
