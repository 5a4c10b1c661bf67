# mypy: disable-error-code="import-not-found, misc"
"""A mechanism driver for Neutron's ML2 that needs no agent."""

from __future__ import annotations

from typing import Any

from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class EveryPortIsBound(api.MechanismDriver):
    """Binds each port on whatever host asks and calls it ACTIVE at once."""

    def initialize(self) -> None:
        self.vif_details = {portbindings.CAP_PORT_FILTER: True}

    @property
    def connectivity(self) -> Any:
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context: Any) -> None:
        context.set_binding(
            context.segments_to_bind[0][api.ID],
            portbindings.VIF_TYPE_OVS,
            self.vif_details,
            status=constants.PORT_STATUS_ACTIVE,
        )
