"""alembic's environment for all services: runs on the connection that ``services.migrations`` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table=context.config.attributes["version_table"],
    transaction_per_migration=False,
    transactional_ddl=False,  # the caller owns the transaction
    render_as_batch=True,
)
context.run_migrations()
