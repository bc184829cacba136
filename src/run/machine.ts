/** As much of the Amazon States Language as is looked at before it runs. */
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Branches?: readonly Machine[];
}

export interface Machine {
  readonly States: Readonly<Record<string, State>>;
}

/** A state that has a function answer it. */
export interface Task {
  readonly name: string;
  /** The logical id of the function in the template: `ProtectFunction`. */
  readonly functionId: string;
  readonly timeoutSeconds: number;
}

/** `${ProtectFunctionArn}`, which the template fills in. */
const placeholder = /^\$\{(\w+)Arn\}$/;

/** Every task of a state machine, those of its branches included. */
export const tasksOf = ({ States }: Machine): readonly Task[] =>
  Object.entries(States).flatMap(([name, { Resource, TimeoutSeconds, Branches = [] }]) => {
    const functionId = placeholder.exec(Resource ?? '')?.[1];
    return [
      ...(functionId === undefined
        ? []
        : [{ name, functionId, timeoutSeconds: TimeoutSeconds ?? 60 }]),
      ...Branches.flatMap((branch) => tasksOf(branch)),
    ];
  });
