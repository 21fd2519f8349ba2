"""Calls every operation of Data Pipeline through boto3, as a user's script would, and prints what it gets as JSON."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

client = boto3.client(
    "datapipeline",
    endpoint_url=sys.argv[1],
    region_name="us-west-2",
    aws_access_key_id=sys.argv[2],
    aws_secret_access_key=sys.argv[3],
    config=Config(retries={"max_attempts": 0}),
)


def answer(response):
    response.pop("ResponseMetadata")
    return response


def fields(**values):
    return [
        {"key": key, "refValue": value["ref"]} if isinstance(value, dict) else {"key": key, "stringValue": value}
        for key, value in values.items()
    ]


answers = {}
objects = [
    {"id": "Default", "name": "Default", "fields": fields(scheduleType="ondemand")},
    {
        "id": "Work",
        "name": "Work",
        "fields": fields(type="ShellCommandActivity", command="echo #{myText}", workerGroup="boto3"),
    },
]
definition = {
    "pipelineObjects": objects,
    "parameterObjects": [{"id": "myText", "attributes": [{"key": "type", "stringValue": "String"}]}],
    "parameterValues": [{"id": "myText", "stringValue": "wörld"}],
}
work = "@Work_2026-01-01T00:00:00"

pipeline = {"pipelineId": client.create_pipeline(name="boto3", uniqueId="token")["pipelineId"]}
answers["AddTags"] = answer(client.add_tags(**pipeline, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]))
answers["RemoveTags"] = answer(client.remove_tags(**pipeline, tagKeys=["a"]))
answers["ValidatePipelineDefinition"] = answer(client.validate_pipeline_definition(**pipeline, **definition))
answers["PutPipelineDefinition"] = answer(client.put_pipeline_definition(**pipeline, **definition))
answers["GetPipelineDefinition"] = answer(client.get_pipeline_definition(**pipeline)) == definition
answers["ActivatePipeline"] = answer(client.activate_pipeline(**pipeline, startTimestamp="2026-01-01T00:00:00Z"))
answers["DescribePipelines"] = client.describe_pipelines(pipelineIds=[pipeline["pipelineId"]])[
    "pipelineDescriptionList"
][0]["tags"]
answers["ListPipelines"] = [
    listed["name"] for page in client.get_paginator("list_pipelines").paginate() for listed in page["pipelineIdList"]
]

task = client.poll_for_task(workerGroup="boto3", hostname="laptop")["taskObject"]
answers["PollForTask"] = task["attemptId"]
answers["ReportTaskProgress"] = answer(client.report_task_progress(taskId=task["taskId"]))
answers["ReportTaskRunnerHeartbeat"] = answer(client.report_task_runner_heartbeat(taskrunnerId="laptop"))
answers["SetTaskStatus"] = answer(client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED"))

answers["QueryObjects"] = [
    found
    for page in client.get_paginator("query_objects").paginate(**pipeline, sphere="INSTANCE")
    for found in page["ids"]
]
answers["DescribeObjects"] = [
    field["stringValue"]
    for page in client.get_paginator("describe_objects").paginate(
        **pipeline, objectIds=[work], evaluateExpressions=True
    )
    for described in page["pipelineObjects"]
    for field in described["fields"]
    if field["key"] in ("command", "@status")
]
answers["EvaluateExpression"] = answer(
    client.evaluate_expression(**pipeline, objectId=work, expression="#{@scheduledStartTime}")
)
answers["SetStatus"] = answer(client.set_status(**pipeline, objectIds=[work], status="RERUN"))
answers["DeactivatePipeline"] = answer(client.deactivate_pipeline(**pipeline, cancelActive=True))
answers["DeletePipeline"] = answer(client.delete_pipeline(**pipeline))

for name, call in {
    "invalid": lambda: client.set_status(**pipeline, objectIds=[work], status="DONE"),
    "unknownTask": lambda: client.report_task_progress(taskId="made-up"),
    "unknownPipeline": lambda: client.describe_pipelines(pipelineIds=["df-00000000AAAAAAAAAAAA"]),
}.items():
    try:
        call()
    except ClientError as error:
        answers[name] = [type(error).__name__, error.response["ResponseMetadata"]["HTTPStatusCode"]]

json.dump(answers, sys.stdout)
