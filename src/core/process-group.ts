// Signals to a child's process group: the child and whatever it started, all at once.

/** The group's id is the process id of its leader. Returns false where no such group is left. */
export function signalGroup(groupId: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch {
    return false;
  }
}
