"""``make test-compose``: brings docker-compose.yml up for real, tests it over HTTP, and takes it down with its volumes.

Needs a Docker engine; says so when none answers, and then ends with 3. Beside an installation that may run on the same
engine: a project name, ports and volumes of its own. ``--keep`` leaves it up to look at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from deploy.local import system

NO_ENGINE = 3


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make test-compose", description="Tests docker-compose.yml on a real engine.")
    parser.add_argument("--keep", action="store_true", help="do not take it down")
    options = parser.parse_args(arguments)
    if not _engine_answers():
        print("No Docker engine answers (`docker info` fails): nothing was tested.", file=sys.stderr)
        print("Start one, or point DOCKER_HOST at one, and run `make test-compose` again.", file=sys.stderr)
        return NO_ENGINE
    project = f"vigencia-trial-{os.getpid()}"
    port, pages = system.free_port(), 0
    pages = system.free_port([port])
    # A build over the host's network reaches package registries on every engine; containers keep their own network.
    env = {"BUILD_NETWORK": "host", **os.environ, "PORT": str(port), "RABBITMQ_PORT": str(pages)}
    env |= {"VIGENCIA_IMAGE": f"{project}:trial", "VIGENCIA_COMPOSE_PROJECT": project}
    env["VIGENCIA_URL"] = f"http://127.0.0.1:{port}"

    def compose(*words: str) -> int:
        print(f"$ docker compose {' '.join(words)}", flush=True)
        return subprocess.run(
            ["docker", "compose", "-p", project, *words], cwd=system.PROJECT, env=env, check=False
        ).returncode

    try:
        result = compose("build", "-q") or compose("up", "-d", "--no-build", "--wait", "--wait-timeout", "300")
        if result == 0:
            tests = [sys.executable, "-m", "pytest", "-m", "compose", "tests/compose"]
            result = subprocess.run(tests, cwd=system.PROJECT, env=env, check=False).returncode
        if result != 0:
            compose("ps", "-a")
            compose("logs", "--tail", "60")
    finally:
        if options.keep:
            print(f"Left up: docker compose -p {project} down -v --remove-orphans   ends it")
        else:
            compose("down", "-v", "--remove-orphans", "--timeout", "30")
            subprocess.run(
                ["docker", "image", "rm", "-f", f"{project}:trial"], env=env, check=False, capture_output=True
            )
    return result


def _engine_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    sys.exit(main())
