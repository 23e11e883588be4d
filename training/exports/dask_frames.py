"""Guesses for a column of a Dask data frame, on all machines of its cluster. Needs the extra `dask`."""

import dask.dataframe as dd
from dask.distributed import Client

from training.exports.data_frames import check, guess_frame
from training.model.artifact import SHIPPED
from training.names import Country, Form


def guess_column(
    frame: dd.DataFrame,
    column: str,
    client: Client,
    weights: bytes | None = None,
    form: Form = Form.GIVEN,
    country: Country | None = None,
) -> dd.DataFrame:
    """Return a frame whose partitions `guess_frame` will answer when it is computed or written.

    `weights` are an artifact's bytes, by default those of the shipped network. They are sent to each process
    of the client's cluster once, not with each partition. Raises as `guess_frame` does.
    """
    check(frame, column)
    chosen = SHIPPED.read_bytes() if weights is None else weights
    meta = guess_frame(frame._meta, column, chosen, form, country)
    shared = client.scatter(chosen, broadcast=True)
    guessed: dd.DataFrame = frame.map_partitions(guess_frame, column, shared, form, country, meta=meta)
    return guessed
