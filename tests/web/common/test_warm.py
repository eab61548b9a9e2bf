"""What a web process loads before its first page."""

import gc

import pytest

from khuyencong.web.common.warm import warm


@pytest.mark.slow
def test_a_warm_process_leaves_what_it_has_loaded_out_of_collections():
    try:
        warm()

        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
