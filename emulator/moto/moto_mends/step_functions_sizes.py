"""Step Functions: what is handed to a function is bounded as its result is."""

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import (
    StateTaskLambda,
)


def apply() -> None:
    # moto bounds the outputs of states, and not what Parameters put together for a task: "Maximum
    # input or output size for a task, state, or execution: 256 KiB of data as a UTF-8 encoded
    # string" (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    evaluate = StateTaskLambda._eval_parameters

    def bounded(self: StateTaskLambda, env: Any) -> dict[str, Any]:
        parameters = evaluate(self, env)
        self._verify_size_quota(env=env, value=parameters["Payload"])
        return parameters

    StateTaskLambda._eval_parameters = bounded
