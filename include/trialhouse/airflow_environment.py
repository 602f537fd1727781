"""Every variable of an Airflow that lives below `TRIALHOUSE_HOME`, its keys and its password."""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from trialhouse.private_files import write_once
from trialhouse.settings import PROJECT, Settings

DEFAULT_PORT = 8080
USER = "admin"
PARALLEL_TASKS = 2
# A task that was not heard of for so long is begun again; so is, sooner, one whose scheduler died with it.
SECONDS_TO_BE_DEAD = 120
SECONDS_BETWEEN_SEARCHES_FOR_ORPHANS = 30
# A deployment's DAGs change when it is started anew; to read them every half minute took a third of a core.
SECONDS_BETWEEN_READINGS_OF_DAGS = 300
EXECUTION_API = "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"
# What only a deployment of several machines or containers knows (docker-compose.yml); it goes before ours.
KNOWN_BY_A_DEPLOYMENT = (
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__API__PORT",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    EXECUTION_API,
    "AIRFLOW__CORE__EXECUTOR",
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__CORE__PARALLELISM",
)


def airflow_environment(settings: Settings, *, port: int) -> dict[str, str]:
    """Every variable of an Airflow that lives below `settings.home` and listens on loopback only.

    The database is SQLite in that folder, unless `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN` is set: it is not
    among these, so it passes through.
    """
    ours = {
        "TRIALHOUSE_HOME": str(settings.home),
        "PYTHONPATH": _python_path(),
        **_core_variables(settings),
        **_api_variables(settings, port),
        **_log_variables(settings),
    }
    return ours | {name: os.environ[name] for name in KNOWN_BY_A_DEPLOYMENT if os.environ.get(name)}


def _core_variables(settings: Settings) -> dict[str, str]:
    home = airflow_folder(settings)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "no_plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(PARALLEL_TASKS),
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__CORE__FERNET_KEY": _secrets_of(settings)["fernet_key"],
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": str(SECONDS_BETWEEN_READINGS_OF_DAGS),
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": str(SECONDS_BETWEEN_SEARCHES_FOR_ORPHANS),
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(SECONDS_TO_BE_DEAD),
    }


def _api_variables(settings: Settings, port: int) -> dict[str, str]:
    """One admin whose password is made once and kept in a file only its owner reads."""
    address = f"http://127.0.0.1:{port}"
    kept = _secrets_of(settings)
    return {
        "AIRFLOW__API__HOST": os.environ.get("TRIALHOUSE_API_HOST", "127.0.0.1"),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": kept["api_secret_key"],
        "AIRFLOW__API_AUTH__JWT_SECRET": kept["jwt_secret"],
        EXECUTION_API: f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file(settings)),
    }


def _log_variables(settings: Settings) -> dict[str, str]:
    folder = log_folder(settings)
    return {
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(folder / "dag_processor"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }


def airflow_folder(settings: Settings) -> Path:
    return settings.home / "airflow"


def log_folder(settings: Settings) -> Path:
    return settings.logs_folder / "airflow"


def console_log(settings: Settings) -> Path:
    return log_folder(settings) / "by_hand.log"


def passwords_file(settings: Settings) -> Path:
    """JSON `{user: password}` for its owner only: TRIALHOUSE_API_PASSWORD, or made at random once."""
    file = airflow_folder(settings) / "passwords.json"
    given = os.environ.get("TRIALHOUSE_API_PASSWORD")
    kept = write_once(file, {USER: given or secrets.token_urlsafe(12)})
    if given and kept != {USER: given}:
        file.unlink()
        write_once(file, {USER: given})
    return file


def _secrets_of(settings: Settings) -> dict[str, str]:
    """Keys made at random the first time, read back ever after."""
    file = airflow_folder(settings) / "secrets.json"
    fresh = {
        "fernet_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "jwt_secret": secrets.token_urlsafe(32),
        "api_secret_key": secrets.token_urlsafe(32),
    }
    return write_once(file, fresh)


def _python_path() -> str:
    """What is there already, then the package, then the project root (for `expectations`)."""
    parts = [*os.environ.get("PYTHONPATH", "").split(os.pathsep), str(PROJECT / "include"), str(PROJECT)]
    return os.pathsep.join(dict.fromkeys(part for part in parts if part))
