"""Calls the till with nameko's own standalone client: `python -m tests.runtime.nameko_client AMQP_URI CALL`."""

import sys

import orjson
from nameko.standalone.rpc import ClusterRpcProxy

if __name__ == "__main__":
    uri, call = sys.argv[1:]
    with ClusterRpcProxy({"AMQP_URI": uri}, timeout=30) as services:
        sys.stdout.write(orjson.dumps(services.till.command(**orjson.loads(call))).decode())
