"""How services reach each other: a port (``port``) and two adapters, ``local`` (one process) and ``rabbit`` (RabbitMQ).

Plain ``threading`` only, so that it works with native threads and under eventlet's monkey patching alike.
"""
