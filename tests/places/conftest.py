from tests.factories.places import all_places, dak_lak

__all__ = ["all_places", "dak_lak"]
