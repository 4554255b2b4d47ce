// What a family of Lambda's runtimes is: which interpreter it needs, and how a sandbox's process is started. One file and one line
// in the list for each.

/** What the start of a function's process depends on. */
export interface LaunchSettings {
  /** `nodejs22.x`. */
  readonly runtime: string;
  /** Absolute: what Lambda shows as /var/task. */
  readonly taskRoot: string;
  /** Absolute: what Lambda shows as /opt; absent where there are no layers. */
  readonly layersRoot?: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly interpreter: Interpreter;
  readonly memoryBytes: number;
}

export interface Interpreter {
  /** Run as given, never by its real path: a virtual environment would be left. */
  readonly path: string;
  /** `3.11.7`; absent where it did not say. */
  readonly version?: string;
}

export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Folders that its PATH begins with. */
  readonly folders: readonly string[];
  /** Where the runtime finds packages. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface InterpreterSearch {
  readonly runtime: string;
  /** The Node that runs the rig. */
  readonly node: Interpreter;
  /** Folders as in PATH. */
  readonly searchPath: string;
}

export interface RuntimeFamily {
  /** As people call the language. */
  readonly language: string;
  /** The runtimes of this family, newest first. */
  readonly runtimes: readonly string[];
  /** Which of them a function gets that names none. */
  readonly defaultRuntime: string;
  /** Of a folder that names none. */
  readonly defaultHandler: string;
  /** Extensions of code that is one file. */
  readonly extensions: readonly string[];
  /** The one that fits best of what the machine has; undefined where it has none. */
  findInterpreter(search: InterpreterSearch): Promise<Interpreter | undefined>;
  /** Prints its version as the only line. */
  readonly versionArguments: readonly string[];
  launch(settings: LaunchSettings): Launch;
}
