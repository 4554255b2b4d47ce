#!/bin/sh
# Stands in for the file of this name in public.ecr.aws/lambda/python: without a Runtime API that one starts an emulator of its own.
[ $# -eq 1 ] || { echo 'entrypoint requires the handler name to be the first argument' >&2; exit 142; }
export _HANDLER="$1"
[ -n "$AWS_LAMBDA_RUNTIME_API" ] || exit 141
exec python3 -m awslambdaric "$_HANDLER"
