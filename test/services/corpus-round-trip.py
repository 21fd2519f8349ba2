"""Puts definition files and gets them back as `aws datapipeline` does, with its own translator, and prints what became of each."""

import json
import re
import sys

import boto3
from awscli.customizations.datapipeline import translator
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

client = boto3.client(
    "datapipeline",
    endpoint_url=sys.argv[1],
    region_name="us-west-2",
    aws_access_key_id=sys.argv[2],
    aws_secret_access_key=sys.argv[3],
    config=Config(retries={"max_attempts": 0}),
)


def masked(value, key=""):
    """What the service shows of a value: secrets masked, unless they only name where the secret comes from."""
    if isinstance(value, dict):
        return {name: masked(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item, key) for item in value]
    is_harmless = re.fullmatch(r"(#\{[^'\"{}]*\})*", value) is not None
    return value if is_harmless or not key.startswith("*") else "********"


def round_trip(path):
    try:
        with open(path, encoding="utf-8") as file:
            definition = json.load(file)
        api = {
            "pipelineObjects": translator.definition_to_api_objects(definition),
            "parameterObjects": translator.definition_to_api_parameters(definition),
            "parameterValues": translator.definition_to_parameter_values(definition),
        }
    except (ValueError, AttributeError, TypeError, translator.PipelineDefinitionError) as error:
        return f"unreadable: {type(error).__name__}"
    put = {name: value for name, value in api.items() if value is not None}
    copy = json.loads(json.dumps({name: value or [] for name, value in api.items()}))
    expected = masked(translator.api_to_definition(copy))
    pipeline = {"pipelineId": client.create_pipeline(name="corpus", uniqueId=path)["pipelineId"]}
    try:
        client.put_pipeline_definition(**pipeline, **put)
    except ParamValidationError:
        return "unreadable: not in the form of a definition file"
    except ClientError as error:
        return f"refused: {error}"
    response = client.get_pipeline_definition(**pipeline)
    response.pop("ResponseMetadata")
    got = translator.api_to_definition(response)
    return "same" if json.dumps(got) == json.dumps(expected) else f"different: {json.dumps(got)} {json.dumps(expected)}"


json.dump({path: round_trip(path) for path in json.load(sys.stdin)}, sys.stdout)
