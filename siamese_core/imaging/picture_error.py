"""The error of a picture that cannot be used."""


class PictureError(ValueError):
    """A picture cannot be used; the message is a whole sentence for its visitor that says why."""


def blank() -> PictureError:
    """Return the error of a picture without ink."""
    return PictureError("The picture is blank; nothing stands out from its background.")
