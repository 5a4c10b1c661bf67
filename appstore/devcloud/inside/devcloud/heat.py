# mypy: disable-error-code="import-not-found"
"""Heat's API and its engine in one process; there is no `heat-all` any more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from . import bus


def start(state: Path) -> Any:
    """Heat's WSGI application, with the engine's threads running."""
    sys.argv = ["heat", "--config-file", str(state / "etc" / "heat" / "heat.conf")]
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)
    bus.deliver_at_once()
    from heat.api.openstack import wsgi

    application = wsgi.init_application()
    start_engine()
    return application


def start_engine() -> None:
    """What `heat-engine` does for one worker."""
    from heat.common import config
    from heat.engine import service, template
    from heat.rpc import api
    from oslo_config import cfg

    config.startup_sanity_check()
    # As heat-engine: loads the template plug-ins before threads would do it at the same time.
    template._get_template_extension_manager()
    service.EngineService(cfg.CONF.host, api.ENGINE_TOPIC).start()
