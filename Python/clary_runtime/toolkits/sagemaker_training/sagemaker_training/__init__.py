"""Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

from clary_runtime.serving.toolkit_names import stand_in_for_toolkits

stand_in_for_toolkits()
