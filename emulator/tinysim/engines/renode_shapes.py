"""What a type is called, takes and gives in Renode: upstream's own, and our C# models of platforms/models."""

from __future__ import annotations

import os

from tinysim.engines.renode_models import MODELS, Model
from tinysim.platform.model import DeviceSpec
from tinysim.platform.renode_types import PREFIX, RENAMED, RenodeType, find_type

MODELS_VARIABLE = "TINYSIM_RENODE_MODELS"  # "none": stock Renode alone
_STOCK_NAME = {ours: upstream for upstream, ours in RENAMED.items()}
_STAND_INS = {model.stands_in_for: name for name, model in MODELS.items() if model.stands_in_for}


def uses_models() -> bool:
    """Whether our C# models go in, too."""
    return os.environ.get(MODELS_VARIABLE, "") != "none"


def name_in_renode(device: DeviceSpec, *, models: bool) -> str:
    """The type that a device has there; a stand-in where the entry is written for tinysim or is of the nRF52840."""
    name = device.type.removeprefix(PREFIX)
    if not models:
        return _STOCK_NAME.get(name, name)
    known = find_type(name)
    is_ours = "NRF52840" in name or (known is not None and bool(known.own & device.parameters.keys()))
    return _STAND_INS.get(name, name) if is_ours else name


def shape_of(name: str, *, models: bool) -> RenodeType | None:
    """What is known of a type there."""
    model = MODELS.get(name) if models else None
    return find_type(name) if model is None else _shape(model)


def _shape(model: Model) -> RenodeType:
    nothing = frozenset[str]()
    return RenodeType(None, nothing, model.parameters, nothing, model.outputs, model.outputs)
