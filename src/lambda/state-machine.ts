const arnPattern = /^arn:[a-z-]+:states:/;

/** The machine that contains, as the stack names it; empty by hand, where the name is no ARN. */
export const stateMachineNamed = (name = ''): string => (arnPattern.test(name) ? name : '');
