"""What a visitor's browser says and hears: Streamlit's websocket protocol, without the browser.

As the page does, it sends the whole value of a component with the fragment that the component came in, runs a fragment
anew as often as that wants, and fetches the pictures. Unlike it, it keeps no long messages for their next use (Compare
sends none that are long enough), and of widgets it knows buttons, components and uploaders; no others.
"""

import asyncio
import re
import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, FileURLsRequest, UploadedFileInfo
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

HOST = "127.0.0.1"  # no other is ever spoken to
SUBPROTOCOLS = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]

Show = Callable[[str, Any], None]  # takes the kind of an element and the element


class Place(NamedTuple):
    """A button, component or uploader as the page last drew it."""

    id: str
    fragment: str  # runs when it is used; empty: the whole page
    data: str = ""  # JSON for a component
    disabled: bool = False


class Browser:
    """A page open on one connection. `show` is called with each element as it comes."""

    def __init__(self, socket: ClientConnection, port: int, show: Show) -> None:
        self.places: dict[str, Place] = {}  # by key, or by label
        self.errors: list[str] = []
        self.running = True  # the first run has been asked for
        self.page = ""  # of the last run, as Streamlit names it
        self.lost = False
        self._socket, self._port, self._show = socket, port, show
        self._values: dict[str, str] = {}
        self._query = ""
        self._timers: dict[str, asyncio.Task[None]] = {}  # by fragment
        self._files: asyncio.Queue[str] = asyncio.Queue()
        self._fetched: set[str] = set()
        self._targets: asyncio.Queue[FileURLs] = asyncio.Queue()  # where uploads go

    async def ask(self, fragment: str = "", pressed: str = "", **state: Any) -> None:
        """Ask for a run of the page or of a fragment; see `rerun`."""
        await self._send(rerun(self._values, pressed, fragment_id=fragment, **self._here() | state))

    async def press(self, button: str) -> None:
        """Press a button, by its key or label."""
        place = self._place(button)
        await self.ask(place.fragment, place.id)

    async def set_value(self, component: str, value: str) -> None:
        """Let a component send a value, in JSON."""
        place = self._place(component)
        self._values[place.id] = value
        await self.ask(place.fragment)

    async def upload(self, uploader: str, name: str, content: bytes) -> None:
        """Choose a file in an uploader: ask where it goes, send it there, and say that it is there."""
        place = self._place(uploader)
        request = FileURLsRequest(request_id=name, file_names=[name])
        await self._send(BackMsg(file_urls_request=request).SerializeToString())
        target = await self._targets.get()
        await asyncio.to_thread(put, f"http://{HOST}:{self._port}", target.upload_url, name, content)
        message = BackMsg.FromString(rerun(self._values, fragment_id=place.fragment, **self._here()))
        sent = UploadedFileInfo(file_id=target.file_id, name=name, size=len(content), file_urls=target)
        state = FileUploaderState(uploaded_file_info=[sent])
        message.rerun_script.widget_states.widgets.add(id=place.id, file_uploader_state_value=state)
        await self._send(message.SerializeToString())

    async def _send(self, message: bytes) -> None:
        with suppress(ConnectionClosed):  # `listen` notes it
            await self._socket.send(message)

    def _here(self) -> dict[str, str]:
        return {"page_script_hash": self.page, "query_string": self._query}

    def _place(self, name: str) -> Place:
        if name not in self.places:
            raise LookupError(f"the page has no {name!r}; errors so far: {self.errors}")
        return self.places[name]

    async def until(self, done: Callable[[], bool], limit: float) -> bool:
        """Wait until it is done, at most so many seconds, and tell whether it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while not done() and not self.lost:
                    await asyncio.sleep(0.02)
        return done()

    async def listen(self) -> None:
        """Hear all messages for as long as the connection lasts."""
        try:
            with suppress(ConnectionClosed):
                while True:
                    self._hear(ForwardMsg.FromString(await self._socket.recv(decode=False)))
            self.errors.append(f"connection lost: {self._socket.close_code} {self._socket.close_reason}")
        finally:
            self.lost = True

    def _hear(self, message: ForwardMsg) -> None:  # noqa: C901 a case for each kind of message
        match message.WhichOneof("type"):
            case "delta":
                self._draw(message.delta)
            case "new_session":
                self.running = True
                self.page = message.new_session.page_script_hash
                if not message.metadata.run.fragment_ids:  # the whole page
                    self.stop_timers()
            case "script_finished":
                self.running = False
            case "navigation":  # the page that a name in the link has meant
                self.page = message.navigation.page_script_hash
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "file_urls_response":
                self._targets.put_nowait(message.file_urls_response.file_urls[0])
            case "auto_rerun":
                self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)

    def _draw(self, delta: Delta) -> None:
        kind = delta.new_element.WhichOneof("type")
        if not kind:  # a container
            return
        element: Any = getattr(delta.new_element, kind)
        if kind == "exception":
            self.errors.append(f"{element.type}: {element.message}")
        elif kind == "alert" and element.format == element.ERROR:
            self.errors.append(element.body)
        elif kind in ("button", "bidi_component", "file_uploader"):
            data, disabled = getattr(element, "json", ""), getattr(element, "disabled", False)
            self.places[name_of(element)] = Place(element.id, delta.fragment_id, data, disabled)
        elif kind == "imgs":
            for url in {image.url for image in element.imgs if image.url.startswith("/")} - self._fetched:
                self._fetched.add(url)
                self._files.put_nowait(url)
        self._show(kind, element)

    def _repeat(self, fragment: str, interval: float) -> None:
        """Ask for a fragment again and again."""

        async def tick() -> None:
            while not self.lost:
                await asyncio.sleep(interval)
                await self.ask(fragment, is_auto_rerun=True)

        if old := self._timers.pop(fragment, None):
            old.cancel()
        self._timers[fragment] = asyncio.create_task(tick())

    def stop_timers(self) -> None:
        """Ask for no fragment again."""
        while self._timers:
            self._timers.popitem()[1].cancel()

    async def fetch(self) -> None:
        """Fetch the page and its pictures, those of one answer over one connection, until cancelled."""
        self._files.put_nowait("/")
        while path := await self._files.get():
            reader, writer = await asyncio.open_connection(HOST, self._port)
            while path:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{self._port}\r\n\r\n".encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = re.search(r"content-length: *(\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                if head.split()[1] != "200":
                    self.errors.append(f"{path}: status {head.split()[1]}")
                path = "" if self._files.empty() else self._files.get_nowait()
            writer.close()


@asynccontextmanager
async def browsing(address: str, show: Show, page: str = "", query: str = "") -> AsyncIterator[Browser]:
    """Open a page, by its name in the link, for as long as a block lasts. Raises ValueError for a foreign address."""
    port = port_of(address)
    origin, stream = Origin(f"http://{HOST}:{port}"), f"ws://{HOST}:{port}/_stcore/stream"
    async with connect(
        stream, origin=origin, subprotocols=SUBPROTOCOLS, max_size=None, ping_interval=None, proxy=None
    ) as socket:
        browser = Browser(socket, port, show)
        tasks = [asyncio.create_task(work()) for work in (browser.listen, browser.fetch)]
        try:
            await browser.ask(page_name=page, query_string=query)
            yield browser
        finally:
            browser.stop_timers()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            browser.errors += [repr(end) for end in ends if isinstance(end, Exception)]


def port_of(address: str) -> int:
    """Return the port of an address such as http://127.0.0.1:8501. Raises ValueError for any other host."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname != HOST or not parts.port:
        raise ValueError(f"expected an address such as http://{HOST}:8501, got {address!r}")
    return parts.port


def rerun(values: Mapping[str, str], pressed: str = "", **state: Any) -> bytes:
    """Return the message that asks for a run. values: JSON by component's id; state: fields of ClientState."""
    message = BackMsg()
    for widget, value in values.items():
        message.rerun_script.widget_states.widgets.add(id=widget, json_value=value)
    if pressed:
        message.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
    for field, value in state.items():
        setattr(message.rerun_script, field, value)
    return message.SerializeToString()


def put(address: str, path: str, name: str, content: bytes) -> None:
    """Send a file as a page's form does, with the token that the server wants to see twice. Raises OSError."""
    with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    edge = "a-line-that-no-file-holds"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
    headers = {
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
        "Content-Type": f"multipart/form-data; boundary={edge}",
    }
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    with urllib.request.urlopen(urllib.request.Request(f"{address}{path}", body, headers, method="PUT")):
        pass


def name_of(element: Any) -> str:
    """Return the key of a widget, with which its id ends, or the label of one without."""
    key = str(element.id).rpartition("-")[2]
    return str(element.label) if key == "None" else key
