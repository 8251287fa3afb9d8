"""Run by a test in a process of its own, patched as the full mode's are: a delivery over TLS while other threads go on."""

import os
import warnings

warnings.filterwarnings("ignore")
import eventlet

eventlet.monkey_patch()

import json
import socket
import ssl
import sys
import threading
from ipaddress import ip_network

from gateway.webhooks.domain.addresses import Target
from gateway.webhooks.posting import Channel
from gateway.webhooks.settings import WebhookSettings

MEANWHILE = 10
"""How often another thread has to get its turn before the receiver answers: never, if the delivery held them all up."""


def main(certificate: str) -> None:
    os.environ["SSL_CERT_FILE"] = certificate  # the authority that this process trusts
    server = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    ticks, connections = [0], [0]

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            connections[0] += 1
            secured = context.wrap_socket(connection, server_side=True)
            for _ in range(2):
                secured.recv(65536)
                until = ticks[0] + MEANWHILE
                while ticks[0] < until:
                    eventlet.sleep(0)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def tick() -> None:
        while True:
            eventlet.sleep(0)
            ticks[0] += 1

    for work in (serve, tick):
        threading.Thread(target=work, daemon=True).start()
    settings = WebhookSettings(allowed=(ip_network("127.0.0.0/8"),), timeout=20.0)
    channel = Channel(Target("https", "127.0.0.1", server.getsockname()[1], "/"), settings)
    answers = [channel.post(b"{}", {}) for _ in range(2)]
    told = {"statuses": [each.status for each in answers], "errors": [each.error for each in answers]}
    print(json.dumps({**told, "ticks": ticks[0], "connections": connections[0]}), flush=True)
    os._exit(0)


main(sys.argv[1])
