"""What a web process loads before its first page."""

import gc

import pytest

from khuyencong.web.common.warm import warm


@pytest.mark.slow
def test_a_warm_process_leaves_what_it_has_loaded_out_of_collections():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # as Python begins
    try:
        warm()

        assert gc.get_freeze_count() > len(gc.get_objects())
        assert gc.get_threshold()[0] > 700  # a page is not interrupted for the rows that it has just read
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
