# The runtime loop of Python functions: it runs in the sandbox, in any Python from 3.8 on, and uses its standard library only. What
# it does follows AWS's own client (aws/aws-lambda-python-runtime-interface-client), so that a function cannot tell them apart.

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
from decimal import Decimal

HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
BASE = "/2018-06-01/runtime/"

# From these on results keep their characters; before, JSON escapes them.
KEEPS_CHARACTERS = ("python3.12", "python3.13", "python3.14")


class SetupError(Exception):
    """An error of the function's set-up or of its result: `name` is what Lambda shows as errorType."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


# --- Runtime API ---


class RuntimeApi:
    """Plain HTTP over one kept connection: 0.2 ms less for each invocation than http.client, whose headers are e-mail's."""

    def __init__(self):
        self.connection = None
        self.input = None

    def next(self):
        return self.call("GET", "invocation/next", b"", "")

    def post(self, route, body, headers=""):
        return self.call("POST", route, body, headers)

    def call(self, method, route, body, headers):
        head = f"{method} {BASE}{route} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        request = head.encode("latin-1") + body
        try:
            return self.exchange(request)
        except OSError:
            # The handler may have closed our connection with its own.
            self.close()
            return self.exchange(request)

    def exchange(self, request):
        if self.connection is None:
            self.connection = socket.create_connection((HOST, int(PORT)))
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.input = self.connection.makefile("rb")
        self.connection.sendall(request)
        if not self.input.readline():
            raise ConnectionError("the Runtime API closed the connection")
        headers = {}
        while True:
            line = self.input.readline().decode("latin-1").rstrip("\r\n")
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return headers, self.input.read(int(headers.get("content-length", 0)))

    def close(self):
        for part in (self.input, self.connection):
            try:
                if part is not None:
                    part.close()
            except OSError:
                pass
        self.connection = self.input = None


# --- What the function sees ---


class Fields:
    """An object that has just these attributes, None where nobody set them."""

    def __init__(self, names, values):
        for name in names:
            setattr(self, name, (values or {}).get(name))


class Context:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.client_context = None
        self.identity = Fields(("cognito_identity_id", "cognito_identity_pool_id"), None)
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Unbuffered:
    """Each write reaches the log at once: a sandbox may be frozen or killed right after it."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        self.stream.write(text)
        self.stream.flush()

    def writelines(self, lines):
        self.stream.writelines(lines)
        self.stream.flush()


class LogHandler(logging.Handler):
    """The root logger's handler, as Lambda sets it up; `request_id` is the current invocation's."""

    request_id = ""

    def emit(self, record):
        record.aws_request_id = self.request_id
        sys.stdout.write(self.format(record))


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = LogHandler()
    line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"):
        root.setLevel(level)
    root.addHandler(handler)
    return handler


# --- The handler ---


def load_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise SetupError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)",
        )
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise SetupError(
            "Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module"
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise SetupError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise SetupError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    if not hasattr(module, function_name):
        raise SetupError("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name)


def with_decimals(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def to_body(result):
    if isinstance(result, bytes):
        return result, "application/unknown"
    keeps = os.environ.get("AWS_EXECUTION_ENV", "").endswith(KEEPS_CHARACTERS)
    try:
        text = json.dumps(result, ensure_ascii=not keeps, default=with_decimals)
        return text.encode("utf-8"), "application/json"
    except Exception as error:
        raise SetupError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


# --- Errors ---


def describe(error, request_id=""):
    """What Lambda is told of an error; the frames of this file are left out, as AWS's client leaves its own out."""
    if isinstance(error, SetupError):
        return {"errorMessage": str(error), "errorType": error.name, "requestId": request_id, "stackTrace": []}
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if not is_ours(frame.filename)), 0)
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames[first:]),
    }


def is_ours(file_name):
    return file_name == __file__ or file_name.startswith("<frozen importlib")


def log_error(told):
    lines = [f"[ERROR] {told['errorType']}: {told['errorMessage']}", "Traceback (most recent call last):"]
    sys.stdout.write("\n".join(lines) + "\n" + "".join(told["stackTrace"]))


def to_json(told):
    # Lone surrogates have no UTF-8: the escapes of ASCII hold them.
    return json.dumps(told).encode("ascii")


def invoke_once(api, handler, log_handler):
    headers, body = api.next()
    request_id = headers["lambda-runtime-aws-request-id"]
    log_handler.request_id = request_id
    os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
    try:
        try:
            event = json.loads(body)
        except ValueError as error:
            raise SetupError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error
        result, content_type = to_body(handler(event, Context(headers)))
    except Exception as error:
        told = describe(error, request_id)
        log_error(told)
        api.post(f"invocation/{request_id}/error", to_json(told), "Content-Type: application/json\r\n")
    else:
        api.post(f"invocation/{request_id}/response", result, f"Content-Type: {content_type}\r\n")


def main():
    sys.stdout, sys.stderr = Unbuffered(sys.stdout), Unbuffered(sys.stderr)
    # Python puts the folder of this file first; the function's own goes there.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    api = RuntimeApi()
    log_handler = set_up_logging()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        told = describe(error)
        log_error(told)
        header = f"Lambda-Runtime-Function-Error-Type: {told['errorType'].encode('ascii', 'replace').decode()}\r\n"
        api.post("init/error", to_json(told), header)
        sys.exit(1)
    while True:
        invoke_once(api, handler, log_handler)


if __name__ == "__main__":
    main()
