/** What a function answers: its result, or the error that it threw. */
export type InvokeResult = { payload: unknown } | { errorType: string; errorMessage: string };

/** Runs a function by its name. A rejection counts as an error thrown by the function. */
export type InvokeFunction = (functionName: string, event: unknown) => Promise<InvokeResult>;

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** The name of the function that a path invokes, without ARN and version; else undefined. */
export const invokedFunction = (url: string): string | undefined => {
  const encoded = INVOKE_PATH.exec(url.split('?')[0] ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const nameOrArn = decodeURIComponent(encoded);
  // arn:aws:lambda:region:account:function:NAME[:VERSION], account:function:NAME, NAME[:VERSION]
  const afterMarker = nameOrArn.split(':function:')[1] ?? nameOrArn;
  return afterMarker.split(':')[0];
};

/** Calls the function, turning what it throws into the result that Lambda would report. */
export const runFunction = async (
  invoke: InvokeFunction,
  functionName: string,
  event: unknown,
): Promise<InvokeResult> => {
  try {
    return await invoke(functionName, event);
  } catch (error) {
    return error instanceof Error
      ? { errorType: error.name, errorMessage: error.message }
      : { errorType: 'Error', errorMessage: String(error) };
  }
};
