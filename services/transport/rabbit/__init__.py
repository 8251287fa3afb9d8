"""The transport over RabbitMQ, on pika; see ``transport`` for the adapter and ``link`` for how it holds connections."""
