"""Make Superset's metadata, its one user, and the dashboards of `assets/`; run again, bring them up to date.

Runs in Superset's own environment, started by trialhouse.dashboards with the user's name.
"""

import os
import sys
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from superset.app import create_app

ASSETS = Path(__file__).with_name("assets")


def main() -> None:
    """Each step leaves what is done already alone, but for our own dashboards, which it writes anew."""
    app = create_app()
    with app.app_context():
        from superset import appbuilder, security_manager
        from superset.utils.core import override_user

        upgrade(directory=str(Path(app.root_path) / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        with override_user(_user(security_manager)):
            _import_assets()


def _user(security_manager: Any) -> Any:
    name, password = sys.argv[1], os.environ["TRIALHOUSE_DASHBOARDS_PASSWORD"]
    known = security_manager.find_user(username=name)
    if known is None:
        role = security_manager.find_role("Admin")
        return security_manager.add_user(name, "trialhouse", "", f"{name}@localhost", role, password=password)
    security_manager.reset_password(known.id, password)
    return known


def _import_assets() -> None:
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    files = sorted(ASSETS.rglob("*.yaml"))
    ImportAssetsCommand({str(file.relative_to(ASSETS)): file.read_text() for file in files}).run()


if __name__ == "__main__":
    main()
