"""RabbitMQ, PostgreSQL and the services on one machine, without Docker, beside servers that already run."""
