// How a plan names interfaces of a preset: by their role, or one of them by role and number.

/** Indexes of the interfaces of a name, `web` or `web-2` (the second of that role); none where there is no such name. */
export function indexesOf(roles: ReadonlyMap<string, Int32Array>, name: string): Int32Array {
  const all = roles.get(name);
  if (all) return all;
  const [, role, place] = /^(.+)-([1-9]\d*)$/.exec(name) ?? [];
  const first = Number(place) - 1;
  return roles.get(role ?? '')?.subarray(first, first + 1) ?? new Int32Array(0);
}
