"""How the app's own process is set up, once: one thread for a product of matrices, two heaps, and no pandas."""

import functools
import sys

from threadpoolctl import threadpool_limits

from siamese_core.jobs.heaps import share_heaps


@functools.cache
def set_up_process() -> None:
    """Set up this process for many visitors; the first page that runs does so."""
    _use_one_thread()
    share_heaps()
    _leave_out_pandas()


def _use_one_thread() -> None:
    """Let each product of matrices take one thread in this process.

    They are small here, and many visitors ask at once. With more threads OpenBLAS keeps each of them spinning for some
    40 ms after a product, which is twice what the answer to a stroke takes.
    """
    threadpool_limits(1, "blas")


def _leave_out_pandas() -> None:
    """Let this process do without pandas, and pyarrow with it: 63 MB, and nothing here holds a data frame.

    Streamlit imports them to see whether what a component is given is a data frame. Where there is no pandas, it sends
    the same JSON. Tables are drawn by `table.show_table`.
    """
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
