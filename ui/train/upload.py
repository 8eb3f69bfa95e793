"""Pictures of a visitor's own: the upload, its progress, and the sheet of what was understood."""

import streamlit as st

from siamese_core.config import SIDES, Look
from siamese_core.datasets.splitting import counts
from siamese_core.jobs import data_folder
from siamese_core.jobs.data_folder import Sheet, Upload
from siamese_core.jobs.queue import QueueError
from ui.shared import resources
from ui.shared.link import forget_notes, note
from ui.shared.plain import plain
from ui.shared.state import state, widget_value
from ui.shared.table import show_table
from ui.shared.thumbnails import show_strip
from ui.shared.visitor import visitor
from ui.train.subject import subjects, take_over

LOOKS: dict[Look, str] = {"ink": "Ink on paper", "grey": "As they are"}
FORMATS = (
    "A **zip** with a folder of pictures for each class, or a **CSV** with a row for each picture: its label, then its "
    "pixels from 0 to 255, as Kaggle's MNIST. From two classes with two pictures each."
)
LOOK_HELP = (
    "Ink on paper: for drawings and writing; the ink is found, cut out and centred, as with what you draw on Compare. "
    "As they are: for photos and all else; the whole picture in greys, fitted into a square. In a CSV the pixels are "
    "taken as they are."
)
TILE, ROW = (60, 44), 8  # px; pictures side by side
LONGEST = 300  # characters of a name or a sentence in a table
POLL = 0.5  # seconds between two looks at the progress


def own_pictures() -> None:
    """Draw the way to upload pictures, the progress while they are read, and what was understood of them."""
    chosen = subjects()[widget_value("set_data")].upload
    reading = [each for each in resources.data_sets().of_visitor(visitor()) if each.state == "reading"]
    if state().uploading and state().uploading not in [each.id for each in reading]:
        st.rerun()  # it was read while this run of the page was under way, after `take_upload` had looked
    with st.expander("Train on your own pictures", icon=":material/upload_file:", key="own_pictures"):
        _form(bool(reading))
    for each in reading:
        st.fragment(_reading, run_every=POLL)(each.id)
    if chosen and chosen.sheet:
        _show_sheet(chosen, chosen.sheet)


def take_upload() -> None:
    """Choose the data set that has just been read, or say why it could not be. Call it before the choice is drawn."""
    here = state()
    if not here.uploading:
        return
    found = resources.data_sets().find(here.uploading)
    if found is not None and found.state == "reading":
        return
    here.uploading = ""
    if found is None:
        note("The pictures are gone before they were read. Please upload them again.")
    elif found.state == "ready":
        take_over(found.id, ())
    else:
        note(found.sentence)


def _form(busy: bool) -> None:
    limits = resources.limits()
    st.markdown(FORMATS)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "How the network sees them", list(LOOKS), default="ink", required=True, format_func=LOOKS.__getitem__,
            key="own_look", help=LOOK_HELP, persist_state="session",
        )  # fmt: skip
        st.segmented_control(
            "Pixels", SIDES, default=SIDES[0], required=True, format_func="{0} × {0}".format, key="own_side",
            persist_state="session", help="More pixels show finer detail, and training takes about four times as long.",
        )  # fmt: skip
    st.file_uploader(
        "A zip or a CSV", type=[ending[1:] for ending in data_folder.ENDINGS], key=_key(), on_change=_upload,
        max_upload_size=limits.upload_mb, disabled=busy,
    )  # fmt: skip
    st.caption(
        f"At most {limits.pictures:,} pictures, 200 classes and {limits.upload_mb} MB. Your pictures are kept with "
        "your runs for a while, for you and for whom you give the link; you can delete them at any time."
    )


def _upload() -> None:
    """Store the file that was chosen and have it read; an empty uploader takes this one's place."""
    forget_notes()
    file, here = widget_value(_key()), state()
    if file is None:
        return
    here.data_uploads += 1
    try:
        made = resources.data_sets().upload(
            visitor(), file.name, file, widget_value("own_look") or "ink", widget_value("own_side") or SIDES[0]
        )
    except QueueError as error:
        note(str(error))
        return
    here.uploading = made.id


def _reading(key: str) -> None:
    """Draw how much has been read; run the whole page once all is."""
    found = resources.data_sets().find(key)
    if found is None or found.state != "reading":
        st.rerun()
    share = data_folder.read_progress(found)
    waits = not share and resources.jobs().training
    words = (
        "waiting for the training that is running on this server." if waits else f"reading the pictures, {share:.0%}."
    )
    with st.container(key="reading"):
        st.progress(share, f"**{found.file}**: {words}")


def _show_sheet(upload: Upload, sheet: Sheet) -> None:
    """Draw what was understood: the classes, some pictures as the network sees them, and what was left out."""
    look = "the ink on them" if upload.look == "ink" else "as they are, in greys"
    with st.container(border=True, key="sheet", gap="small"):
        st.markdown(
            f"**{upload.file}**: {sum(sheet.images):,} pictures of {len(sheet.images)} classes, seen as {look} in "
            f"{upload.side} × {upload.side} pixels."
        )
        images = data_folder.read_few(upload)
        for start in range(0, len(images), ROW):
            part = images[start : start + ROW]
            show_strip([each for each, _ in part], [name for _, name in part], TILE)
        split = [counts(n) for n in sheet.images]
        with st.expander("Classes, and what each is used for", icon=":material/table_rows:"):
            show_table(
                [
                    {"Class": plain(name, LONGEST), "Pictures": n, "Training": a, "Validation": b, "Test": c}
                    for name, n, (a, b, c) in zip(sheet.class_names, sheet.images, split, strict=True)
                ]
            )
        _about_split(sheet)
        if sheet.skipped_count:
            with st.expander(f"{sheet.skipped_count:,} files were left out", icon=":material/block:"):
                show_table(
                    [{"File": plain(each.file, LONGEST), "Why": plain(each.why, LONGEST)} for each in sheet.skipped]
                )
        if upload.visitor == visitor():
            st.button("Delete these pictures", icon=":material/delete:", on_click=_delete, args=(upload.id,))


def _about_split(sheet: Sheet) -> None:
    """Say how the pictures are split, and what cannot be measured of so few."""
    train, validation, test = (sum(column) for column in zip(*map(counts, sheet.images), strict=True))
    st.caption(
        f"{train:,} are for training, {validation:,} for validation, {test:,} for the test: of each class its share, "
        "by chance and the same each time."
    )
    tiny = [name for name, n in zip(sheet.class_names, sheet.images, strict=True) if counts(n)[2] < 2]
    if len(tiny) == len(sheet.images):
        st.warning(
            "No class has two test pictures, so nothing can be measured on pictures that the network has not seen: the "
            "figures after a training are then of pictures it knows. Six pictures of a class are enough.",
            icon=":material/info:",
        )
    elif tiny:
        word = "class has" if len(tiny) == 1 else "classes have"
        st.caption(f"{len(tiny)} {word} fewer than two test pictures, and no test pairs of its own: {_few(tiny)}.")


def _few(names: list[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")


def _delete(key: str) -> None:
    forget_notes()
    try:
        resources.data_sets().delete(key, visitor())
    except QueueError as error:
        note(str(error))


def _key() -> str:
    return f"own_file_{state().data_uploads}"
