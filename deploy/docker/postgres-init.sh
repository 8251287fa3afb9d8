#!/bin/bash
# Run by PostgreSQL's image when its data volume is new: a role and a database per service, passwords from the first start.
set -e
run() { psql -v ON_ERROR_STOP=1 -q -U "${POSTGRES_USER:-postgres}" -d postgres "$@"; }

for service in contracts billing tickets feedback gateway; do
    run -v name="$service" -v password="$(cat "/secrets/$service")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done

# Last, for it changes what the connections above logged in with where an image knows no POSTGRES_PASSWORD_FILE.
run -v password="$(cat /secrets/superuser)" <<'SQL'
ALTER ROLE CURRENT_USER PASSWORD :'password';
SQL
